package import HTTPEdge

/// What this slice says.
package enum AccessTexts {
    package static let entries: [TextEntry] = [
        TextEntry("membershipOverlaps.title", fr: "Affiliation déjà couverte", en: "Membership overlaps"),
        TextEntry(
            "membershipOverlaps.detail", fr: "Une autre affiliation de cette organisation couvre déjà un de ces jours.",
            en: "Another membership of this organisation already covers one of these days."),
        TextEntry("roleNotGrantable.title", fr: "Rôle non attribuable", en: "Role not grantable"),
        TextEntry(
            "roleNotGrantable.detail", fr: "Vous ne pouvez pas attribuer le rôle {role}.", en: "You may not grant the role {role}."),
        TextEntry("reason.daysReversed", fr: "le dernier jour précède le premier", en: "the last day is before the first"),
        TextEntry("reason.past", fr: "cet instant est passé", en: "this moment has passed"),
        TextEntry("reason.centreUnknown", fr: "aucun centre ne porte cet identifiant", en: "no centre has this identifier"),
        TextEntry("reason.centreRequired", fr: "ce rôle se donne dans un centre", en: "this role is held at a centre"),
        TextEntry("reason.centreNotAllowed", fr: "ce rôle ne se donne pas dans un centre", en: "this role is not held at a centre"),
    ]
}
