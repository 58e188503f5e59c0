//! The customers of both VASPs. All invented; nobody holds a key to the addresses.

use super::book::{Account, Asset, Book};
use super::customer::{Company, Customer, Home, Person};
use crate::options::CustomerSet;

/// The customers of one set.
pub(crate) fn book_of(set: CustomerSet) -> &'static Book {
    match set {
        CustomerSet::Ours => &OURS,
        CustomerSet::Robot => &ROBOT,
    }
}

const ASSETS: &[Asset] = &[
    Asset { symbol: "ETH", networks: &["Ethereum"] },
    Asset { symbol: "USDT", networks: &["Ethereum", "Tron"] },
    Asset { symbol: "BTC", networks: &["Bitcoin"] },
];

static TAYLOR_ROBBINS: Person = Person {
    legal_name: ("Taylor", "Robbins"),
    alias: Some(("Tay", "Robbins")),
    birth_date: "1990-05-17",
    birth_place: "Springfield",
    home: Home {
        street: "Larch Avenue",
        building: "17",
        postcode: "04022",
        town: "Springfield",
        country: "US",
    },
    national_id: "R4417-9902",
    customer_id: "robot-customer-1",
};

static A_COMPANY: Company = Company {
    legal_name: "A Company",
    trading_name: Some("A Co"),
    head_office: Home {
        street: "Harbour Road",
        building: "2",
        postcode: "04023",
        town: "Springfield",
        country: "US",
    },
    registration_number: "C-0052210",
    registration_authority: "RA000598",
    customer_id: "robot-customer-2",
    representatives: &[&TAYLOR_ROBBINS],
};

const TAYLOR_AND_COMPANY: &[Customer] = &[Customer::Natural(&TAYLOR_ROBBINS), Customer::Legal(&A_COMPANY)];

static ROBOT: Book = Book {
    assets: ASSETS,
    accounts: &[
        Account {
            network: "Ethereum",
            address: "0x5811001506550d8356a215be229c15b6ef371a9b",
            holders: TAYLOR_AND_COMPANY,
        },
        Account {
            network: "Tron",
            address: "TUgWPfxuJsgRba1NZgQZesx9JkUGgn6GdG",
            holders: TAYLOR_AND_COMPANY,
        },
        Account {
            network: "Bitcoin",
            address: "bc1qe4qatw6lpjs788fsa8q9hsc3d90xwjzlhm7l8d",
            holders: TAYLOR_AND_COMPANY,
        },
    ],
};

static MINA_PARK: Person = Person {
    legal_name: ("Park", "Mina"),
    alias: Some(("Park", "Minnie")),
    birth_date: "1988-11-03",
    birth_place: "Busan",
    home: Home { street: "Gwangbok-ro", building: "41", postcode: "48953", town: "Busan", country: "KR" },
    national_id: "M-771203-55",
    customer_id: "our-customer-1",
};

static NOAH_ELLIS: Person = Person {
    legal_name: ("Ellis", "Noah"),
    alias: None,
    birth_date: "1979-02-26",
    birth_place: "Leeds",
    home: Home { street: "Canal Wharf", building: "9", postcode: "LS11 5PS", town: "Leeds", country: "GB" },
    national_id: "N-330917-04",
    customer_id: "our-customer-3",
};

static HARBOUR_LIGHT: Company = Company {
    legal_name: "Harbour Light Trading Ltd",
    trading_name: Some("Harbour Light"),
    head_office: Home {
        street: "Quay Street",
        building: "120",
        postcode: "M3 3JE",
        town: "Manchester",
        country: "GB",
    },
    registration_number: "99001234",
    registration_authority: "RA000585",
    customer_id: "our-customer-2",
    representatives: &[&NOAH_ELLIS],
};

const MINA: &[Customer] = &[Customer::Natural(&MINA_PARK)];
const HARBOUR: &[Customer] = &[Customer::Legal(&HARBOUR_LIGHT)];

static OURS: Book = Book {
    assets: ASSETS,
    accounts: &[
        Account { network: "Ethereum", address: "0xce9c5fe2b18e6cf1f6cbc0b5c468036d705ffc10", holders: MINA },
        Account { network: "Tron", address: "TUofXfqj7a6BCChBG6dnFvLbN2rL4FUcwu", holders: MINA },
        Account { network: "Bitcoin", address: "bc1qe6w9lc433ek0raktcz6ug6qrd4c9llqszwv8fn", holders: MINA },
        Account {
            network: "Ethereum",
            address: "0x914767ea75a01cb0fbbf87404c51cad69a4fcffc",
            holders: HARBOUR,
        },
        Account { network: "Tron", address: "TPDNXF9mUqCFNo5iFbh1venpTpjMrLKcaa", holders: HARBOUR },
        Account {
            network: "Bitcoin",
            address: "bc1qj9rk06n45qwtp7alsaqyc5w266dylnludsrzw7",
            holders: HARBOUR,
        },
    ],
};
