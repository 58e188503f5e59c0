//! Dropping what the model does not know.

use super::{
    Address, Birth, LegalName, LegalPerson, Names, NationalIdentification, NaturalName, NaturalPerson, Other,
    Party, Person, PersonDetails,
};

/// Drops unknown fields, at every depth.
pub(crate) trait ForgetUnknown {
    fn forget_unknown(&mut self);
}

impl<T: ForgetUnknown> ForgetUnknown for Vec<T> {
    fn forget_unknown(&mut self) {
        self.iter_mut().for_each(T::forget_unknown);
    }
}

impl<T: ForgetUnknown> ForgetUnknown for Option<T> {
    fn forget_unknown(&mut self) {
        self.iter_mut().for_each(T::forget_unknown);
    }
}

impl ForgetUnknown for PersonDetails {
    fn forget_unknown(&mut self) {
        match self {
            Self::Natural(person) => person.forget_unknown(),
            Self::Legal(person) => person.forget_unknown(),
        }
    }
}

impl<Name: ForgetUnknown> ForgetUnknown for Names<Name> {
    fn forget_unknown(&mut self) {
        self.other = Other::default();
        for names in [&mut self.identifiers, &mut self.local, &mut self.phonetic] {
            names.forget_unknown();
        }
    }
}

macro_rules! forget_unknown {
    ($($model:ident { $($field:ident),* })+) => {
        $(impl ForgetUnknown for $model {
            fn forget_unknown(&mut self) {
                self.other = Other::default();
                $(self.$field.forget_unknown();)*
            }
        })+
    };
}

// Each model with the fields that can hold unknown fields of their own.
forget_unknown! {
    Party { persons }
    Person { details }
    NaturalPerson { name, addresses, national_identification, birth }
    NaturalName {}
    Birth {}
    LegalPerson { name, addresses, national_identification }
    LegalName {}
    Address {}
    NationalIdentification {}
}
