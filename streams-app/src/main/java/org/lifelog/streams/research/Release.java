package org.lifelog.streams.research;

import javax.crypto.SecretKey;

/**
 * What makes the pseudonyms of one center from one day on until the keys are changed: another release has other keys,
 * and nobody without both can tell that two pseudonyms are one subject's.
 *
 * @param center code of the center
 * @param name name of the release, which every record bears
 * @param subjectKey key of the subjects' pseudonyms and date shifts
 * @param deviceKey key of the devices' pseudonyms
 * @param dateShiftWeeks by how many weeks at most a subject's times are shifted, back or forth; 0 for not at all
 * @param modelSubjects how many subjects of the center must have devices of a model before it is named
 */
public record Release(
        String center, String name, SecretKey subjectKey, SecretKey deviceKey, int dateShiftWeeks, int modelSubjects) {

    /** Leaves the keys out. */
    @Override
    public String toString() {
        return center + " (release " + name + ", "
                + (dateShiftWeeks == 0 ? "dates as they are" : "dates shifted by up to " + dateShiftWeeks + " weeks")
                + ", models of at least " + modelSubjects + " subjects)";
    }
}
