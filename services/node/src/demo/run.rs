//! Starts everything, walks, and puts everything away.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use waybill_domain::Clock as _;
use waybill_egress::{Egress, EgressOptions};
use waybill_runtime::lifecycle::shut_down_on_signals;
use waybill_runtime::settings::{TelemetrySettings, process_environment};
use waybill_runtime::{Shutdown, SystemClock, SystemEntropy, TaskGroup, start_telemetry};

use super::options::DemoOptions;
use super::place::Place;
use super::screen::{Looks, NobodyReads, Role, Screen};
use super::side::Side;
use super::stage::{Stage, Story};
use super::walk::{Walked, walk};
use super::wire::{self, Wire};
use crate::dev::{self, Ports, State};

/// To finish what was begun. Longer than a node in service is given: nobody waits to start it again.
const GRACE: Duration = Duration::from_secs(60);
/// How a program ends that was asked to with Ctrl-C: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

pub async fn run(options: DemoOptions) -> anyhow::Result<ExitCode> {
    let screen = Screen { looks: Looks::of_terminal(options.yes) };
    let shutdown = Shutdown::new(GRACE);
    shut_down_on_signals(&shutdown).context("signals cannot be listened for")?;
    stop_when_the_terminal_is_gone(&shutdown)?;
    let place = Place::of(options.folder.as_deref())?;
    let ports = Ports::recorded(options.port_base);
    let state = State::prepare(place.path(), false, ports)?;
    start_telemetry(&quiet(&state))?;

    let mut stage = stage(screen, ports)?;
    let tasks = start(&state, &stage, &shutdown);
    let tasks = screen.meanwhile("starting two VASPs", tasks).await?;
    let system = tokio::spawn(async move { tasks.wait().await });
    let walked = match introduce(screen, ports) {
        Ok(()) => walk(&mut stage, &shutdown).await,
        Err(error) => Err(error),
    };
    shutdown.begin();
    let stopped = screen.meanwhile("stopping", system).await.context("the system broke off")?;
    drop(state); // lets go of the folder
    let tidied = place.tidy_up();

    stopped?;
    let ended = walked.and_then(|walked| farewell(screen, walked, &tidied?));
    match ended {
        // As with `head`: it has seen enough.
        Err(error) if error.is::<NobodyReads>() => Ok(ExitCode::SUCCESS),
        ended => ended,
    }
}

fn farewell(screen: Screen, walked: Walked, tidied: &str) -> anyhow::Result<ExitCode> {
    let (word, code) = match walked {
        Walked::ToTheEnd => (None, ExitCode::SUCCESS),
        Walked::Left => (Some("Until next time."), ExitCode::SUCCESS),
        Walked::Stopped => (Some("Stopped."), ExitCode::from(INTERRUPTED)),
    };
    screen.blank()?;
    if let Some(word) = word {
        screen.line(&format!("  {word}"))?;
    }
    screen.line(&format!("  {tidied}"))?;
    Ok(code)
}

/// What a node warns of at its start is no news here. Who wants it all names a level.
fn quiet(state: &State) -> TelemetrySettings {
    let mut telemetry = state.ours.settings.telemetry.clone();
    if !process_environment().any(|(name, _)| name == "WAYBILL__TELEMETRY__LOG_LEVEL") {
        telemetry.log_level = "error".to_owned();
    }
    telemetry
}

/// A terminal that is closed is no reason to leave a folder behind.
fn stop_when_the_terminal_is_gone(shutdown: &Shutdown) -> anyhow::Result<()> {
    let mut gone = signal(SignalKind::hangup()).context("signals cannot be listened for")?;
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        if gone.recv().await.is_some() {
            shutdown.begin();
        }
    });
    Ok(())
}

fn stage(screen: Screen, ports: Ports) -> anyhow::Result<Stage> {
    let (clock, entropy) = (SystemClock::shared(), SystemEntropy::shared());
    // A node that fails is the nodes' affair: what stands between them hides nothing.
    let options = EgressOptions { failures_to_open: u32::MAX, ..EgressOptions::default() };
    let mut stage = Stage {
        story: Story::default(),
        screen,
        ports,
        egress: Egress::new(options, Arc::clone(&clock), Arc::clone(&entropy))?,
        wire: Wire::default(),
        clock,
        entropy,
        since: SystemClock.now(),
        mark: 0,
    };
    stage.story.account = stage.random_hex::<20>();
    stage.story.idempotency_key = stage.random_uuid();
    Ok(stage)
}

async fn start(state: &State, stage: &Stage, shutdown: &Shutdown) -> anyhow::Result<TaskGroup> {
    let ports = stage.ports;
    let recorder = async |side, endpoint, node| {
        let opened = wire::open(side, endpoint, node, &stage.egress, &stage.wire).await;
        opened.map_err(dev::ports_hint)
    };
    let ours = recorder(Side::Ours, ports.our_endpoint(), ports.our_listener()).await?;
    let robot = recorder(Side::Robot, ports.robot_endpoint(), ports.robot_listener()).await?;
    let tasks = dev::start(state, ports, shutdown).await?;
    tasks.spawn("recorder before our node", ours.run(shutdown.clone()));
    tasks.spawn("recorder before the robot's node", robot.run(shutdown.clone()));
    Ok(tasks)
}

fn introduce(screen: Screen, ports: Ports) -> anyhow::Result<()> {
    screen.blank()?;
    screen.line(&screen.looks.paint(Role::Heading, "Waybill: a withdrawal, step by step"))?;
    screen.blank()?;
    screen.paragraph(
        "Two complete VASPs run now on this machine, each with a node and a backend: ours, and a robot with \
         known customers. Their nodes reach each other through a recorder that passes everything on and keeps a \
         copy, so you see the very bytes that travelled. \
         Where something is left out here, it says so after an ellipsis (…).",
    )?;
    if screen.looks.colour {
        let looks = screen.looks;
        screen.blank()?;
        screen.line(&format!(
            "  {} is personal data, {} is what nobody on the way can read.",
            looks.paint(Role::Personal, "Yellow"),
            looks.paint(Role::Sealed, "magenta"),
        ))?;
    }
    screen.blank()?;
    for (what, ours, robot) in [
        ("", "ours".to_owned(), "the robot's".to_owned()),
        ("VASP id", Side::Ours.vasp_id().to_string(), Side::Robot.vasp_id().to_string()),
        ("private API", ports.our_ingress().to_string(), ports.robot_ingress().to_string()),
        ("public listener", ports.our_listener().to_string(), ports.robot_listener().to_string()),
        ("recorder before it", ports.our_endpoint().to_string(), ports.robot_endpoint().to_string()),
        ("backend", ports.sandbox().to_string(), ports.sandbox().to_string()),
    ] {
        screen.line(format!("    {what:<20}{ours:<22}{robot}").trim_end())?;
    }
    Ok(())
}
