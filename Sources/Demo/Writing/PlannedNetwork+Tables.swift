import Kernel

/// The rows of everything but keys and bookings, in an order that foreign keys allow.
extension PlannedNetwork {
    func tables(calendar: SiteCalendar) -> [CopyTable] {
        organisationTables + centreTables + [agreementTable] + openingTables(calendar) + labelTables + resourceTables + partTables
            + stockTables + maintenanceTables + [attestationTypeTable, offerTable, fundingTable]
    }

    private var organisationTables: [CopyTable] {
        var organisation = CopyTable(
            "access.organisation",
            ["id", "kind", "name", "enterprise_number", "establishment_number", "centre_id", "is_fictional", "created_at"])
        for entry in organisations {
            organisation.append([
                .id(entry.id), .text(entry.kind.rawValue), .text(entry.name), .text(entry.enterpriseNumber),
                .maybe(entry.establishmentNumber) { .text($0) }, .maybe(entry.centre) { .integer($0) }, .boolean(true), .instant(founded),
            ])
        }
        return [organisation.closed()]
    }

    private var centreTables: [CopyTable] {
        var centre = CopyTable("centres.centre", ["centre_id", "id", "kind", "zone", "is_fictional", "created_at"])
        var carrier = CopyTable("centres.centre_carrier", ["centre_id", "during", "carrier"])
        var name = CopyTable("centres.centre_name", ["centre_id", "during", "name"])
        var site = CopyTable(
            "centres.site", ["centre_id", "id", "name", "kind", "town", "zone", "latitude", "longitude", "created_at"])
        let firstDay = StoryDay.day(2020, 1, 1)
        for entry in centres {
            centre.append([
                .integer(entry.number), .id(entry.id), .text(entry.isNetwork ? "network" : "centre"),
                .text(zone.identifier), .boolean(false), .instant(founded),
            ])
            if let name = entry.carrier { carrier.append([.integer(entry.number), .days(firstDay, nil), .text(name)]) }
            if let former = entry.formerName {
                name.append([.integer(entry.number), .days(firstDay, former.until.adding(days: -1)), .text(former.name)])
            }
            name.append([.integer(entry.number), .days(entry.formerName?.until ?? firstDay, nil), .text(entry.name)])
        }
        for entry in sites {
            site.append([
                .integer(entry.centre), .id(entry.id), .text(entry.name), .text(entry.kind), .text(entry.town), .text(zone.identifier),
                .decimal(entry.latitude), .decimal(entry.longitude), .instant(founded),
            ])
        }
        return [centre.closed(), carrier.closed(), name.closed(), site.closed()]
    }

    private func openingTables(_ calendar: SiteCalendar) -> [CopyTable] {
        var kept = CopyTable("centres.calendar", ["centre_id", "id", "site_id"])
        var weekly = CopyTable(
            "centres.weekly_opening", ["centre_id", "calendar_id", "during", "weekday", "opens", "closes", "recorded_at"])
        var exception = CopyTable(
            "centres.opening_exception", ["centre_id", "calendar_id", "day", "opens", "closes", "reason", "recorded_at"])
        var closed = CopyTable("centres.closed_day", ["centre_id", "day", "reason", "recorded_at"])
        var open = CopyTable("centres.open_hours", ["centre_id", "calendar_id", "day", "during"])
        var horizon = CopyTable("centres.open_hours_horizon", ["centre_id", "calendar_id", "compiled", "compiled_at"])
        for centre in centres {
            for day in calendar.closedDays {
                closed.append([.integer(centre.number), .day(day.day), .text(day.reason), .instant(founded)])
            }
        }
        for (index, site) in sites.enumerated() {
            kept.append([.integer(site.centre), .id(site.id), .id(site.id)])
            for hours in site.opening.hours {
                weekly.append([
                    .integer(site.centre), .id(site.id), .days(StoryDay.day(2020, 1, 1), nil), .integer(hours.weekday),
                    .time(minute: hours.opens), .time(minute: hours.closes), .instant(founded),
                ])
            }
            for (day, reason) in calendar.exceptions[index] {
                exception.append([
                    .integer(site.centre), .id(site.id), .day(day), .integers([]), .integers([]), .text(reason), .instant(founded),
                ])
            }
            for (day, periods) in calendar.openHours[index].sorted(by: { $0.key < $1.key }) {
                for period in periods { open.append([.integer(site.centre), .id(site.id), .day(day), .period(period)]) }
            }
            horizon.append([
                .integer(site.centre), .id(site.id), .days(calendar.days.lowerBound, calendar.days.upperBound), .instant(founded),
            ])
        }
        return [kept.closed(), weekly.closed(), exception.closed(), closed.closed(), open.closed(), horizon.closed()]
    }
}
