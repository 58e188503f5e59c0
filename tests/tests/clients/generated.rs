//! Clients generated from the document, as `docs/API.md` says: they build, and verify a transfer.

use std::fs;
use std::path::Path;

use tokio::process::Command;
use waybill_tests::{Database, Party, dev};

use waybill_testkit::TestFolder;

use crate::tools::{A_STEP, committed, document, installed, run};

fn base_url(of: Party) -> String {
    format!("http://127.0.0.1:{}", of.api.port())
}

fn copy(name: &str, files: &[&str], folder: &Path) {
    for file in files {
        fs::copy(committed(name).join(file), folder.join(file)).unwrap();
    }
}

#[tokio::test]
async fn a_typescript_client_verifies_a_transfer() {
    let (tool, folder, ours) =
        (installed("typescript", "package-lock.json"), TestFolder::new(), dev(Database::Sqlite).await.ours);
    let folder = folder.join("client");
    fs::create_dir_all(&folder).unwrap();
    copy("typescript", &["package.json", "tsconfig.json", "withdraw.ts"], &folder);
    std::os::unix::fs::symlink(
        fs::canonicalize(tool.join("node_modules")).unwrap(),
        folder.join("node_modules"),
    )
    .unwrap();
    document(ours, &folder).await;
    for script in ["generate", "build"] {
        run(Command::new("npm").args(["run", "--silent", script]).current_dir(&folder), A_STEP).await;
    }
    let printed =
        run(Command::new("node").arg("out/withdraw.js").arg(base_url(ours)).current_dir(&folder), A_STEP)
            .await;
    assert!(printed.starts_with("verified "), "{printed}");
}

#[tokio::test]
async fn a_python_client_verifies_a_transfer() {
    let (tool, folder, ours) =
        (installed("python", "requirements.txt"), TestFolder::new(), dev(Database::Sqlite).await.ours);
    let folder = folder.join("client");
    fs::create_dir_all(&folder).unwrap();
    copy("python", &["generator.yml", "withdraw.py"], &folder);
    let document = document(ours, &folder).await;
    let generated = run(
        Command::new(tool.join("bin/openapi-python-client"))
            .args([
                "generate",
                "--meta",
                "none",
                "--output-path",
                "waybill_client",
                "--config",
                "generator.yml",
                "--path",
            ])
            .arg(document)
            .current_dir(&folder),
        A_STEP,
    )
    .await;
    assert!(!generated.contains("Warning"), "{generated}");
    let python = tool.join("bin/python");
    let printed =
        run(Command::new(python).arg("withdraw.py").arg(base_url(ours)).current_dir(&folder), A_STEP).await;
    assert!(printed.starts_with("verified "), "{printed}");
}
