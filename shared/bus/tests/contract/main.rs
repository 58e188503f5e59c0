//! What every bus must do, and then what only the one over RabbitMQ can meet.

mod commands;
mod dead_letters;
mod groups;
mod house;
mod leases;
mod over_amqp;
mod requests;
mod tls;
mod troubles;

macro_rules! contract {
    ($opener:expr; $($area:ident { $($test:ident,)+ })+) => {
        $(mod $area {
            $(#[tokio::test]
            async fn $test() {
                crate::$area::$test($opener).await;
            })+
        })+
    };
}

macro_rules! every_test {
    ($opener:expr) => {
        contract! { $opener;
            commands {
                a_command_is_done_once_and_at_once,
                the_handler_decides_between_retry_and_giving_up,
                a_handler_works_on_the_next_step_of_its_trace,
                what_waits_is_done_by_the_next_process,
                a_body_of_another_form_is_given_up_and_loses_nobody_else,
                kinds_do_not_meet,
                a_delayed_command_waits_for_its_time,
                nobody_relies_on_the_order_of_commands,
                draining_waits_for_the_work_in_hand,
            }
            groups {
                later_commands_of_a_group_wait_while_the_earlier_one_holds_them,
                a_hold_ends_by_itself,
            }
            leases {
                a_worker_that_hangs_loses_its_command_to_the_next,
                a_command_that_makes_its_handler_panic_is_given_up_at_last,
                a_command_added_with_a_lease_waits_for_whoever_added_it,
                what_a_dead_process_held_is_taken_over_at_once,
                a_process_that_shares_the_database_takes_over_only_its_own,
            }
            requests {
                requests_are_answered_refused_or_dropped,
            }
        }
    };
}

mod embedded {
    every_test!(crate::house::Opener::Embedded);
}

mod amqp {
    every_test!(crate::house::Opener::Amqp);
}
