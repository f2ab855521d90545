package org.lifelog.portal;

import java.util.List;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;

/**
 * What the API tells of a center.
 *
 * @param zone time zone whose days are this center's days
 * @param site whether its subjects are places and not persons
 * @param metrics what it measures
 */
public record CenterView(String code, String name, String nameKo, String zone, boolean site, List<MetricView> metrics) {

    static CenterView of(Center center, Catalogue catalogue) {
        return new CenterView(
                center.code(),
                center.name(),
                center.nameKo(),
                center.zone().getId(),
                center.site(),
                center.metrics().stream()
                        .flatMap(metric -> catalogue.metric(metric).stream())
                        .map(MetricView::of)
                        .toList());
    }
}
