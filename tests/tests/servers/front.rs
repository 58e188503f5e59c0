//! Stands before the other VASP's listener, counts what is under way, and may be out of order.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::json;
use tokio::net::TcpListener;
use waybill_tests::{Client, Pair, ROBOT_ID, edit_directory};

/// How long each message is kept, so that several are under way.
const KEPT: Duration = Duration::from_millis(200);

/// The gateway of the robot.
pub struct Front {
    robot: Client,
    is_out_of_order: AtomicBool,
    messages: AtomicUsize,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl Front {
    /// From now on, for those who read the directory, the way to the robot.
    pub async fn of_robot(pair: &Pair) -> Arc<Self> {
        let front = Arc::new(Self {
            robot: pair.robot.party.listener,
            is_out_of_order: AtomicBool::new(false),
            messages: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = Router::new().fallback(pass).with_state(Arc::clone(&front));
        tokio::spawn(async move { axum::serve(listener, router).await });
        edit_directory(&pair.state(), |members| {
            let robot = members.iter_mut().find(|member| member["vaspId"] == ROBOT_ID);
            robot.expect("the robot is a member")["endpoint"] = json!(endpoint);
        });
        front
    }

    /// Answers every message like a gateway whose server is gone.
    pub fn break_down(&self) {
        self.is_out_of_order.store(true, Ordering::SeqCst);
    }

    /// Passes everything on again.
    pub fn repair(&self) {
        self.is_out_of_order.store(false, Ordering::SeqCst);
    }

    /// Messages so far; health checks apart.
    pub fn messages(&self) -> usize {
        self.messages.load(Ordering::SeqCst)
    }

    /// The most that were under way at once.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    async fn pass_on(&self, method: Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Response {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .filter(|(name, _)| *name != "host" && *name != "content-length")
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        let Ok(answer) = self.robot.try_send(method, uri.path(), &headers, body).await else {
            return plain(StatusCode::BAD_GATEWAY);
        };
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }
}

async fn pass(
    State(front): State<Arc<Front>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method == Method::GET {
        return front.pass_on(method, &uri, &headers, body).await; // a health check
    }
    front.messages.fetch_add(1, Ordering::SeqCst);
    let under_way = front.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    front.most.fetch_max(under_way, Ordering::SeqCst);
    tokio::time::sleep(KEPT).await;
    let response = match front.is_out_of_order.load(Ordering::SeqCst) {
        true => plain(StatusCode::BAD_GATEWAY),
        false => front.pass_on(method, &uri, &headers, body).await,
    };
    front.under_way.fetch_sub(1, Ordering::SeqCst);
    response
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
