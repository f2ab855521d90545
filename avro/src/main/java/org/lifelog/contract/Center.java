package org.lifelog.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * One of the lifelog centers: the tenant.
 *
 * @param code the center's name in topics, SQL and the API
 * @param name English name
 * @param nameKo Korean name
 * @param zone time zone whose days are this center's days
 * @param site whether its subjects are places and not persons
 * @param metrics codes of what it measures
 * @param unknownDevices what is done with readings of devices that it does not know; empty for the installation's default
 * @param futureTolerance by how much a time may lie after the arrival; empty for the installation's default
 * @param earliest times before it are taken for a wrong clock; empty for the installation's default
 * @param retention for how long it keeps what is stored
 */
public record Center(
        String code,
        String name,
        String nameKo,
        ZoneId zone,
        boolean site,
        Set<String> metrics,
        Optional<UnknownDevices> unknownDevices,
        Optional<Duration> futureTolerance,
        Optional<Instant> earliest,
        Retention retention) {}
