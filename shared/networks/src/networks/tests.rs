use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::Model;

/// Read once: it has hundreds of regular expressions.
fn networks() -> &'static Networks {
    static NETWORKS: LazyLock<Networks> = LazyLock::new(Networks::default);
    &NETWORKS
}

/// The message, which begins with file and line.
fn refused(content: &str) -> String {
    Networks::with("ours.toml", content).unwrap_err().to_string()
}

fn name_of(found: DefaultNetwork<'_>) -> &str {
    match found {
        DefaultNetwork::One(network) => network.name(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_of_users_and_vendors_are_found() {
    let networks = networks();
    for (written, name, chainalysis, model) in [
        ("Ethereum", "Ethereum", "Ethereum", Model::Account),
        ("erc-20", "Ethereum", "Ethereum", Model::Account),
        ("ETHEREUM", "Ethereum", "Ethereum", Model::Account),
        ("TRC20", "Tron", "Tron", Model::Account),
        ("bsc", "Binance Smart Chain", "Binance_Smart_Chain", Model::Account),
        ("BINANCE_SMART_CHAIN", "Binance Smart Chain", "Binance_Smart_Chain", Model::Account),
        ("bitcoin", "Bitcoin", "Bitcoin", Model::Utxo),
        ("Terra2", "Terra 2", "Terra2", Model::Account),
        ("zkSync", "zkSync Lite", "zkSync", Model::Account),
        ("zkSync2", "zkSync Era", "zkSync2", Model::Account),
    ] {
        let found = networks.find(written).unwrap_or_else(|| panic!("{written}"));
        assert_eq!((found.name(), found.chainalysis(), found.model()), (name, chainalysis, model));
        assert_eq!(networks.chainalysis_name(written), chainalysis);
    }
    for unknown in ["", "-", "Nowhere", "Ethereum 3"] {
        assert!(networks.find(unknown).is_none(), "{unknown:?}");
        assert_eq!(networks.chainalysis_name(unknown), unknown);
    }
}

#[test]
fn an_asset_has_one_network_several_or_none() {
    let networks = networks();
    for (asset, name) in [
        ("ETH", "Ethereum"),
        ("eth", "Ethereum"),
        ("BTC", "Bitcoin"),
        ("TRX", "Tron"),
        ("AVAX", "Avalanche"),
        ("MATIC", "Polygon"),
        ("POL", "Polygon"),
        ("XRP", "XRP"),
        ("LINK", "Ethereum"),
    ] {
        assert_eq!(name_of(networks.default_for(asset)), name, "{asset}");
    }
    let DefaultNetwork::Several(found) = networks.default_for("USDT") else { panic!("USDT lives on many") };
    let names: Vec<_> = found.iter().map(|network| network.name()).collect();
    assert!(names.len() > 5 && names.contains(&"Ethereum") && names.contains(&"Tron"), "{names:?}");
    assert!(matches!(networks.default_for("NOSUCHCOIN"), DefaultNetwork::Unknown));
}

#[test]
fn renamed_assets_are_told_by_their_new_name() {
    let networks = networks();
    assert_eq!(networks.ticker("matic"), "POL");
    assert_eq!(networks.ticker("usdt"), "USDT");
    let undone =
        Networks::with("ours.toml", "[[ticker_change]]\nold = \"MATIC\"\nnew = \"MATIC\"\n").unwrap();
    assert_eq!(undone.ticker("MATIC"), "MATIC");
}

#[test]
fn forms_of_addresses_and_hashes_are_known() {
    let networks = networks();
    let network = |name| networks.find(name).unwrap();
    let ethereum = network("Ethereum");
    assert_eq!(ethereum.is_address("0x5811001506550d8356a215be229c15b6ef371a9b"), Some(true));
    assert_eq!(ethereum.is_address("5811001506550d8356a215be229c15b6ef371a9b"), Some(false));
    assert_eq!(ethereum.is_hash(&format!("0x{}", "Ab".repeat(32))), Some(true));
    assert_eq!(ethereum.is_hash("0x12"), Some(false));
    assert_eq!(network("Bitcoin").is_address("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"), Some(true));
    assert_eq!(network("Bitcoin").is_address("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"), Some(true));
    assert_eq!(network("Tron").is_address("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"), Some(true));
    assert_eq!(network("Astar").is_address("any"), None);
}

#[test]
fn every_entry_agrees_with_itself() {
    let networks = networks();
    for network in networks.all() {
        let name = network.name();
        assert!(network.carries(network.native()), "{name}");
        for asset in &network.home_of {
            assert!(network.carries(asset), "{name} is the home of {asset}, which does not live there");
            assert_eq!(name_of(networks.default_for(asset)), name, "{asset} has two homes");
        }
        for asset in std::iter::once(&network.native).chain(&network.assets) {
            assert_eq!(networks.ticker(asset), *asset, "{name} has {asset} under its old name");
        }
        let unfit = |character: char| !character.is_ascii_alphanumeric() && character != '_';
        assert!(!network.chainalysis().contains(unfit), "{name}");
    }
}

#[test]
fn a_file_adds_and_replaces() {
    let content = "
[[network]]
name = \"ethereum\"
model = \"ACCOUNT\"
native = \"ETH\"
assets = [\"wxyz\"]

[[network]]
name = \"Ours\"
model = \"UTXO\"
native = \"OURS\"
";
    let networks = Networks::with("ours.toml", content).unwrap();
    assert_eq!(networks.all().len(), self::networks().all().len() + 1);
    assert_eq!(networks.find("Ethereum").unwrap().assets(), ["WXYZ"]);
    assert!(networks.find("ERC20").is_none(), "the whole entry is replaced");
    assert_eq!(networks.transfer_reference("ours", "h", Some("1"), "a"), "h:1");

    let alone = Networks::with("ours.toml", &format!("replace = true\n{content}")).unwrap();
    assert_eq!(alone.all().len(), 2);
    assert_eq!(alone.ticker("MATIC"), "MATIC");
}

#[test]
fn a_wrong_file_is_refused_with_its_line() {
    const NETWORK: &str = "# ours\n[[network]]\nname = \"Ours\"\nmodel = \"ACCOUNT\"\nnative = \"OURS\"\n";
    assert!(Networks::with("ours.toml", NETWORK).is_ok());
    let with = |more: &str| refused(&format!("{NETWORK}{more}"));
    for (message, expected) in [
        (refused("[[network]\n"), "ours.toml, line 1: "),
        (refused("\n\nnetworks = []\n"), "ours.toml, line 3: unknown field `networks`"),
        (refused("[[network]]\nname = \"A\"\nnative = \"A\"\n"), "ours.toml, line 1: missing field `model`"),
        (with("color = \"red\"\n"), "ours.toml, line 6: unknown field `color`"),
        (with("address = '['\n"), "ours.toml, line 6: not a regular expression: unclosed character class"),
        (with("hash = \"a{99999999}\"\n"), "ours.toml, line 6: not a regular expression: "),
        (with("aliases = [\n  \"ok\",\n  \"--\",\n]\n"), "ours.toml, line 8: \"--\" is no name"),
        (with("assets = [\"12345678901234567\"]\n"), "ours.toml, line 6: \"12345678901234567\" is no ticker"),
        (with("aliases = [\"ERC20\"]\n"), "ours.toml, line 3: ERC20 is a name of Ours and of Ethereum"),
        (refused(&format!("{NETWORK}{NETWORK}")), "ours.toml, line 8: OURS is a name of Ours and of Ours"),
        (refused(&NETWORK.replace("ACCOUNT", "account")), "ours.toml, line 4: not one of the known values"),
        (refused("[[ticker_change]]\nold = \"\"\nnew = \"A\"\n"), "ours.toml, line 2: \"\" is no ticker"),
    ] {
        assert!(message.starts_with(expected), "{message}\n{expected}");
    }
}

#[test]
fn files_are_read_and_missing_ones_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ours.toml");
    let missing = Networks::with_file(&path).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read ") && missing.contains("ours.toml"), "{missing}");
    std::fs::write(&path, "[[network]]\nname = \"Ours\"\nmodel = \"ACCOUNT\"\nnative = \"OURS\"\n").unwrap();
    assert!(Networks::with_file(&path).unwrap().find("ours").is_some());
}

fn spelled(name: String) -> impl Strategy<Value = String> {
    let length = name.chars().count();
    (proptest::collection::vec((any::<bool>(), 0..4_usize), length)).prop_map(move |how| {
        let written = name.chars().zip(how).map(|(character, (upper, gap))| {
            let cased: String =
                if upper { character.to_uppercase().collect() } else { character.to_lowercase().collect() };
            format!("{cased}{}", ["", " ", "-", "_"][gap])
        });
        written.collect()
    })
}

fn names() -> impl Strategy<Value = (String, String)> {
    let all = networks().all().iter().flat_map(|network| {
        let names = network.aliases().iter().chain([&network.name, &network.chainalysis]);
        names.map(|name| (network.name.clone(), name.clone())).collect::<Vec<_>>()
    });
    proptest::sample::select(all.collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_spelling_of_every_name_is_found(
        (network, written) in names().prop_flat_map(|(network, name)| (Just(network), spelled(name)))
    ) {
        prop_assert_eq!(networks().find(&written).unwrap().name(), network);
    }

    #[test]
    fn no_text_does_harm(text in "\\PC{0,300}") {
        let _ = networks().find(&text);
        let _ = networks().default_for(&text);
        let _ = Networks::with("ours.toml", &text);
    }
}
