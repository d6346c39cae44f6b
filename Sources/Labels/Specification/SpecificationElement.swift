import HTTPEdge

/// The four elements that the specifications (cahier des charges) expect of a centre.
///
/// Since 2017 the label is for initiatives that meet them: roots in economic life; a training offer with information, awareness and
/// advanced technology; a multi-user resource centre; a public/private partnership with mixed investment.
/// Source: https://www.leforem.be/centres-de-competence/label.html
enum SpecificationElement: String, CaseIterable, RequestValue, JSONWritable {
    case economicRoots, trainingOffer, resourceCentre, mixedInvestment
}
