//! A process that dies between a delivery and its note of it.

use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use waybill_jobs::CallbackType;
use waybill_testkit::TestFolder;

use crate::backend::{Backend, Reply};
use crate::support::{Options, callback, house, idle_house};

#[tokio::test]
async fn the_next_process_delivers_it_again_under_the_same_id() {
    let (folder, backend) = (TestFolder::new(), Backend::start([Reply::Never]).await);
    let options = || {
        let mut options = Options::of(&backend);
        options.bus.lease = Duration::from_secs(1);
        options
    };
    let id = {
        let house = idle_house(folder.path(), &options()).await;
        house.add_verified(1).await;
        let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
        house.store.close().await;
        id
    };
    let (path, doomed) = (folder.path().to_owned(), options());
    let (kill, killed) = oneshot::channel::<()>();
    let process = std::thread::spawn(move || {
        let process = Runtime::new().unwrap();
        process.block_on(async {
            let _house = house(&path, doomed).await;
            killed.await
        })
    });
    backend.wait_for(1).await;
    kill.send(()).unwrap(); // the backend has it; nobody wrote that down
    process.join().unwrap().unwrap();

    let house = house(folder.path(), options()).await;
    house.until_delivered(id).await;
    let arrived = backend.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].header("webhook-id"), arrived[1].header("webhook-id"));
    assert_eq!(arrived[0].body, arrived[1].body);
    assert_eq!(house.deliveries(id).await.len(), 1, "only what was written down");
}
