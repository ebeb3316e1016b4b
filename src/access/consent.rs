//! What needs the originator's recorded consent.

use super::{
    ground::Ground,
    marking::{Cui, Tlp},
    role::AgencyKind,
};

/// Whether showing a row of this marking to an agency of this kind does: what is AMBER_STRICT or RED stays within the
/// Diplomatic Security Service unless who raised it agreed.
pub fn is_needed_to_show(tlp: Tlp, to: AgencyKind) -> bool {
    tlp >= Tlp::AmberStrict && to != AgencyKind::DiplomaticSecurity
}

/// Whether a row of this marking may be shown to named persons only: no agency as such keeps a ground above
/// AMBER_STRICT, be it a share (capped so) or a referral.
pub fn is_for_persons_only(tlp: Tlp) -> bool {
    tlp > Ground::Referred.survives()
}

/// Whether a change of marking does: every loosening, be it of the TLP or of a CUI control.
pub fn is_needed_to_mark(from: (Tlp, &Cui), to: (Tlp, &Cui)) -> bool {
    to.0 < from.0 || !to.1.is_as_strict_as(from.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_red_is_for_persons_only() {
        let only: Vec<&str> = Tlp::ALL.into_iter().filter(|tlp| is_for_persons_only(*tlp)).map(Tlp::name).collect();
        assert_eq!(only, ["RED"]);
    }

    #[test]
    fn only_what_leaves_the_service_or_grows_looser_needs_consent() {
        for (tlp, to, needed) in [
            (Tlp::Amber, AgencyKind::LawEnforcement, false),
            (Tlp::AmberStrict, AgencyKind::LawEnforcement, true),
            (Tlp::AmberStrict, AgencyKind::Mission, true),
            (Tlp::Red, AgencyKind::LawEnforcement, true),
            (Tlp::Red, AgencyKind::DiplomaticSecurity, false),
        ] {
            assert_eq!(is_needed_to_show(tlp, to), needed, "{tlp:?} {to:?}");
        }
        let cui = |banner: &str| Cui::of_row(Some(banner));
        let (none, noforn, fed) = (Cui::default(), cui("CUI//LEI//NOFORN"), cui("CUI//LEI//FED_ONLY"));
        let (one, two) = (cui("CUI//LEI//REL_TO FR"), cui("CUI//LEI//REL_TO FR,DE"));
        for (from, to, needed) in [
            ((Tlp::Amber, &none), (Tlp::Red, &none), false),
            ((Tlp::Amber, &none), (Tlp::Amber, &noforn), false),
            ((Tlp::Amber, &none), (Tlp::Green, &noforn), true),
            ((Tlp::Amber, &noforn), (Tlp::Red, &none), true),
            ((Tlp::Amber, &fed), (Tlp::Amber, &noforn), true),
            ((Tlp::Amber, &noforn), (Tlp::Amber, &fed), false),
            ((Tlp::Amber, &noforn), (Tlp::Amber, &one), true),
            ((Tlp::Amber, &one), (Tlp::Amber, &noforn), false),
            ((Tlp::Amber, &two), (Tlp::Amber, &one), false),
            ((Tlp::Amber, &one), (Tlp::Amber, &two), true),
            ((Tlp::Amber, &none), (Tlp::Amber, &two), false),
            ((Tlp::Amber, &one), (Tlp::Amber, &one), false),
        ] {
            assert_eq!(is_needed_to_mark(from, to), needed, "{from:?} {to:?}");
        }
    }
}
