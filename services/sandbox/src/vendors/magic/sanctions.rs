//! What the Sanctions API says about an address.

/// One identification.
#[derive(Debug, Clone, Copy)]
pub(in crate::vendors) struct Identification {
    pub(in crate::vendors) category: &'static str,
    /// The address follows it.
    pub(in crate::vendors) name: Option<&'static str>,
    pub(in crate::vendors) description: Option<&'static str>,
    pub(in crate::vendors) url: Option<&'static str>,
    /// Name, description and address of the web page are made longer than any column.
    pub(in crate::vendors) is_long: bool,
}

impl Identification {
    pub(super) const SANCTIONED: Self = Self {
        category: "sanctions",
        name: Some("SANCTIONS: OFAC SDN Quiet Harbour Exchange 2031-04-15"),
        description: Some(
            "Quiet Harbour Exchange is an invented service. It stands here for an entry on the SDN list.\n\nNothing about it is true.",
        ),
        url: Some("https://sanctions.example/press-releases/qh0126"),
        is_long: false,
    };

    pub(super) const OTHER: Self = Self {
        category: "special measures",
        name: Some("SPECIAL MEASURES: Grey Pier Payments"),
        description: Some("Grey Pier Payments is an invented service that no list names."),
        url: None,
        is_long: false,
    };

    pub(super) const BARE: Self =
        Self { category: "sanctions", name: None, description: None, url: None, is_long: false };
}
