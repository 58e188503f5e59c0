//! What a person sees when everything runs.

use super::ports::Ports;
use super::state::State;

pub fn print(state: &State, ports: Ports) {
    let ours = ports.our_ingress();
    let sandbox = ports.sandbox();
    println!(
        r#"
Waybill: two VASPs are running. Ctrl-C stops them.

                     ours                    robot
  VASP id            {our_id:<23} {robot_id}
  private API        http://{ours:<16} http://{robot}
  public listener    http://{our_listener:<16} http://{robot_listener}
  backends, journal  http://{sandbox}
  state              {folder}

Try:

  Who are we, and who else is there?
    curl -s http://{ours}/v1/vasps/self
    curl -s http://{ours}/v1/vasps

  Does this address belong to a customer of the robot?
    curl -s http://{ours}/v1/verifications/account -H 'content-type: application/json' -d '
    {{"keyType": "PerVasp", "beneficiaryVaspId": "{robot_id}", "symbol": "ETH", "network": "Ethereum",
     "payload": {{"version": "1.0", "ivms101": {{"beneficiary":
      {{"accountNumber": ["0x5811001506550d8356a215be229c15b6ef371a9b"]}}}}}}}}'

  What was our backend told?
    curl -s 'http://{sandbox}/journal?vasp={our_id}'

The README has a whole verification; docs/SANDBOX.md has the inputs for every other answer.
"#,
        our_id = state.ours.profile.id,
        robot_id = state.robot.profile.id,
        robot = ports.robot_ingress(),
        our_listener = ports.our_listener(),
        robot_listener = ports.robot_listener(),
        folder = state.folder.display(),
    );
    println!("ready");
}
