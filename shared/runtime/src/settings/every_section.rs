//! Every section of the settings, in the order in which they are read and shown.

use std::path::PathBuf;

use super::reader::Reader;
use super::secret_files::SecretFiles;
use super::sections::*;

/// Declares [`Settings`] with one field for each section, and the same with sections that could not be read.
macro_rules! sections {
    ($($(#[$meta:meta])+ $section:ident: $kind:ident,)+) => {
        /// Everything that can be set, section by section.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $( $(#[$meta])+ pub $section: $kind, )+
            /// Where those secrets stand that have files of their own.
            pub secret_files: SecretFiles,
        }

        /// The sections that could be read.
        pub(super) struct Sections {
            $( pub $section: Option<$kind>, )+
        }

        impl Sections {
            pub(super) fn read(reader: &mut Reader) -> Self {
                Self { $( $section: super::section::Section::read(reader), )+ }
            }

            pub(super) fn complete(self, secret_files: SecretFiles) -> Option<Settings> {
                Some(Settings { $( $section: self.$section?, )+ secret_files })
            }
        }

        /// Every section in order: name, meaning, settings.
        pub(super) const CATALOGUE: &[super::spec::CataloguedSection] = &[$(
            super::spec::CataloguedSection {
                name: stringify!($section),
                meaning: <$kind as super::section::Section>::MEANING,
                specs: <$kind as super::section::Section>::SPECS,
            },
        )+];

        impl Settings {
            /// The TOML literals of every section, in the order of [`CATALOGUE`].
            pub(super) fn literals(&self) -> Vec<Vec<Option<String>>> {
                vec![$( super::section::Section::literals(&self.$section), )+]
            }
        }
    };
}

sections! {
    /// Who this node is.
    node: NodeSettings,
    /// The private API.
    ingress: IngressSettings,
    /// The public listener.
    listener: ListenerSettings,
    /// Probes and metrics.
    admin: AdminSettings,
    /// Where the records are kept.
    database: DatabaseSettings,
    /// The broker between processes.
    bus: BusSettings,
    /// The signed list of members.
    directory: DirectorySettings,
    /// Our signing key.
    identity: IdentitySettings,
    /// Sealing at rest.
    encryption: EncryptionSettings,
    /// The VASP's own backend.
    backend: BackendSettings,
    /// Delivery of callbacks.
    callback: CallbackSettings,
    /// Deadlines of verifications.
    verification: VerificationSettings,
    /// Messages to other VASPs.
    peers: PeersSettings,
    /// Keys that counterparties seal to.
    keys: KeysSettings,
    /// Automatic screening and networks.
    screening: ScreeningSettings,
    /// Chainalysis.
    chainalysis: ChainalysisSettings,
    /// World-Check One.
    refinitiv: RefinitivSettings,
    /// Polling of the other members.
    health: HealthSettings,
    /// Logs.
    telemetry: TelemetrySettings,
    /// Repeated requests.
    idempotency: IdempotencySettings,
}

impl Settings {
    /// The SQLite file: the one that is set, else `waybill.sqlite` in the data folder.
    pub fn database_path(&self) -> PathBuf {
        self.database.path.clone().unwrap_or_else(|| self.node.data_dir.join("waybill.sqlite"))
    }
}
