//! Who sends and who receives, after IVMS101.2023, with the extensions of the VerifyVASP profile.
//!
//! `Debug` shows the shape and never a personal value. The model has no serde: the way in is the reader, the way out
//! a writer.

mod address;
mod identification;
mod legal_person;
mod names;
mod natural_person;
mod party;
mod person;
mod private;
mod transfer_path;
mod unknown;

pub use address::{Address, AddressType};
pub use identification::{NationalIdentification, NationalIdentifierType};
pub use legal_person::{LegalName, LegalNameType, LegalPerson, LegalPersonName};
pub use names::Names;
pub use natural_person::{Birth, NaturalName, NaturalNameType, NaturalPerson, NaturalPersonName};
pub use party::{Party, Payload, Vasp};
pub use person::{Person, PersonDetails};
pub use private::{Other, Private};
pub use transfer_path::{
    IntermediaryVasp, PayloadMetadata, PayloadVersion, TransferPath, TransliterationMethod,
};

pub(crate) use unknown::ForgetUnknown;
