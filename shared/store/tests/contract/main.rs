//! What every database must do for the store, and then what is one kind's own.
//!
//! The functions of the contract take a [`house::House`], an opened store over an empty database.
//! To run them over another database, give that a function that opens one and a line like the one at the end.

mod audit;
mod claims;
mod dead;
mod enclave_tables;
mod groups;
mod history;
mod house;
mod keyring;
mod keys;
mod kyt_alerts;
mod kyt_results;
mod leases;
mod listing;
mod paging;
mod publishing;
mod records;
mod replicas;
mod retention;
mod samples;
mod sanction_results;
mod screening_samples;
mod server;
mod settling;
mod slow_limits;
mod spelling;
mod sqlite;
mod stranded;
mod transactions;
mod transitions;
mod vendor_limits;
mod verifications;
mod wco;

macro_rules! contract {
    ($house:path) => {
        tests! { $house;
            verifications {
                a_new_one_is_found_as_it_was_stored,
                a_known_uuid_is_refused_and_changes_nothing,
                one_of_many_concurrent_inserts_wins,
                ids_are_unsigned_64_bits,
                every_text_takes_four_byte_characters,
                sealed_texts_may_fill_their_columns,
                times_are_cut_to_milliseconds_never_rounded,
                amounts_keep_their_text,
                a_reason_without_message_drops_the_old_message,
            }
            spelling {
                accounts_are_compared_byte_by_byte,
                symbols_and_networks_are_compared_byte_by_byte,
                a_hash_is_found_in_any_spelling_and_shown_as_reported,
            }
            transitions {
                each_event_in_each_state_does_what_the_table_says,
                a_change_from_another_state_than_the_rows_changes_nothing,
                of_100_concurrent_changes_exactly_one_wins,
            }
            listing {
                every_combination_of_filters_gives_what_it_names,
                times_include_the_beginning_and_exclude_the_end,
                counting_stops_at_its_limit,
            }
            paging {
                cursors_show_each_row_once_while_rows_are_added,
                offsets_miss_no_row_while_rows_are_added,
                every_filter_pages_like_the_whole_list,
            }
            claims {
                a_command_is_kept_and_handed_out_as_it_was_added,
                the_longest_due_comes_first_and_kinds_do_not_meet,
                a_delayed_command_waits,
                a_command_added_with_a_lease_is_its_adders,
                concurrent_dispatchers_never_get_the_same_command,
                leases_end_by_the_databases_clock,
                what_a_dead_process_held_is_taken_over_at_once,
                the_next_due_time_is_known,
                what_its_workers_do_not_survive_is_given_up,
                a_row_that_cannot_be_read_is_set_aside,
                what_waits_is_counted_by_kind,
                whoever_hands_out_is_woken_by_commits_only,
            }
            publishing {
                what_is_due_is_published_once,
                concurrent_publishers_never_get_the_same_command,
                what_waits_for_another_or_for_a_time_is_not_published,
                what_was_not_taken_is_published_again,
                what_was_lost_on_the_way_is_published_again,
                what_is_published_for_very_long_is_repeated_some_at_a_time,
                what_waits_in_the_database_does_not_die_with_a_second_message,
                named_commands_are_claimed_when_they_are_due,
            }
            settling {
                a_finished_command_stays_finished,
                a_retried_command_is_handed_out_again,
                a_failed_command_is_kept_and_never_handed_out,
                a_command_that_its_worker_panics_over_is_given_up_at_last,
                a_lost_lease_rolls_the_whole_transaction_back,
                an_expired_lease_that_nobody_took_still_finishes,
                what_was_done_long_ago_is_forgotten,
                operators_find_commands_by_every_filter,
            }
            dead {
                what_was_given_up_is_found_by_every_filter_and_page_by_page,
                what_is_handed_out_again_is_as_new_and_keeps_its_trace,
                of_many_operators_one_hands_it_out_again,
                only_what_was_given_up_can_be_handed_out_again_or_put_away,
                the_same_work_under_another_id_is_known,
            }
            stranded {
                a_verification_past_its_deadline_whose_command_was_given_up_is_found,
                all_that_was_given_up_is_looked_at_page_by_page,
            }
            groups {
                an_earlier_command_holds_the_later_ones,
                a_hold_ends_with_its_time_or_its_release,
                only_commands_of_the_same_kind_and_group_hold,
                what_is_not_done_is_out_of_order,
                finishing_a_group_leaves_what_a_worker_holds,
                waking_a_group_makes_it_due,
            }
            keys {
                an_own_key_is_found_by_identifier_and_by_id,
                an_identifier_has_one_current_key,
                a_retired_key_frees_its_identifier_and_still_opens,
                purging_takes_keys_that_nobody_needs_any_more_only,
                expired_keys_of_counterparties_are_forgotten,
                a_counterpartys_key_takes_the_place_of_the_last,
            }
            records {
                a_message_is_seen_once_and_keeps_its_answer,
                seen_messages_are_forgotten_oldest_allowed_first,
                one_of_many_concurrent_idempotent_requests_wins,
                kept_answers_are_forgotten,
                api_keys_are_added_listed_and_revoked,
                member_health_and_facts_keep_the_latest,
                deliveries_are_logged_in_order,
                the_log_of_deliveries_goes_with_its_callback,
                a_verifications_messages_commands_and_audit_take_four_byte_characters,
                long_answers_and_bodies_are_kept_whole,
                the_room_that_records_take_is_known,
            }
            retention {
                the_oldest_come_in_order_and_each_once,
                what_waits_or_has_unfinished_commands_is_kept_however_old_it_is,
                commands_deliveries_and_reply_key_of_one_go_and_those_of_others_stay,
                what_was_given_up_goes_when_its_verification_is_gone,
                the_clock_is_the_databases,
                a_verification_with_an_unfinished_risk_assessment_is_kept,
                risk_assessments_go_with_their_verification_and_shared_alerts_stay,
                risk_assessments_without_a_verification_go_by_age,
            }
            leases {
                one_of_two_holders,
                one_of_many_concurrent_takers,
                a_lease_ends_and_can_be_given_back,
            }
            slow_limits {
                slots_keep_their_distance_however_far_ahead_they_are,
                everybody_who_wants_some_has_his_own_patience,
                a_clock_that_was_set_back_stops_nobody_for_long,
                a_pause_without_a_time_is_longer_each_time_in_a_row,
                a_pause_that_was_noted_before_the_clock_was_set_back_is_over,
            }
            replicas {
                the_living_stand_in_the_order_in_which_they_came,
                whoever_was_silent_comes_back_as_the_last,
                one_of_many_sees_whether_a_destination_works_again,
                the_longest_pause_counts_and_old_ones_are_forgotten,
                a_clock_set_back_keeps_neither_the_dead_nor_pauses,
            }
            keyring {
                keys_are_known_once_and_remember_when_they_sealed,
                nodes_tell_what_they_have_by_the_databases_clock,
                progress_is_kept_and_begins_once,
                values_are_found_by_their_key_and_replaced_where_they_are_unchanged,
                what_world_check_was_asked_and_said_is_found_and_replaced_too,
                the_first_fact_counts_and_is_replaced_where_it_is_unchanged,
            }
            sanction_results {
                a_look_up_is_found_as_it_was_stored,
                a_known_request_id_is_refused_and_changes_nothing,
                what_is_longer_than_its_column_is_refused,
                the_newest_answer_of_the_vendor_itself_is_used_again,
            }
            kyt_results {
                a_request_is_found_as_it_was_stored,
                what_is_longer_than_its_column_is_refused,
                the_longest_due_comes_first,
                concurrent_workers_never_get_the_same_request,
                a_lost_lease_changes_nothing_and_takes_the_rest_along,
                exactly_one_of_many_results_counts,
                what_the_vendor_does_not_repeat_stays,
                a_result_never_goes_back,
                an_error_is_the_end,
                a_registration_begins_the_looks_anew,
                what_the_vendor_names_at_the_registration_is_kept,
                late_looks_are_counted_and_end,
                a_registration_of_the_same_is_shared,
                what_is_due_is_counted,
            }
            kyt_alerts {
                an_alert_is_found_as_it_was_stored_and_in_order,
                what_has_changed_about_an_alert_is_kept,
                an_alert_under_another_id_is_both_requests,
                of_many_workers_one_sees_an_alert_first,
            }
            wco {
                a_request_is_found_as_it_was_stored,
                each_person_has_a_case,
                what_becomes_of_a_case_is_kept,
                a_case_about_the_same_person_is_shared,
                the_longest_due_comes_first_and_to_one_worker,
                a_lost_lease_changes_nothing_and_takes_the_rest_along,
                all_persons_are_screened_once,
                what_could_not_be_asked_costs_no_look,
            }
            vendor_limits {
                concurrent_reservations_never_overlap,
                slots_go_on_where_the_last_were_taken,
                what_is_rolled_back_takes_no_slot,
                a_pause_is_everybodys_and_the_longest_counts,
                pauses_without_a_time_grow,
            }
            history {
                every_filter_gives_what_it_names_newest_first,
                pages_show_each_once_while_rows_are_added,
                one_is_found_whichever_vendor_made_it,
            }
            audit {
                entries_are_read_newest_first,
                an_entry_can_neither_be_changed_nor_removed,
            }
            transactions {
                a_failure_in_a_group_takes_nobody_with_it_and_leaves_nothing,
                a_panic_is_the_failure_of_its_own_work_only,
                what_was_asked_for_is_done_though_nobody_waits,
                a_closed_store_is_unavailable,
                closing_commits_what_was_asked_for,
                a_reader_sees_what_was_committed_and_cannot_write,
                a_second_start_finds_everything,
                no_error_repeats_a_stored_or_given_value,
            }
        }
    };
}

macro_rules! tests {
    ($house:path; $($area:ident { $($test:ident,)+ })+) => {
        $(mod $area {
            $(#[tokio::test]
            async fn $test() {
                crate::$area::$test($house().await).await;
            })+
        })+
    };
}

mod over_sqlite {
    contract!(crate::sqlite::house);
}

mod over_mariadb {
    contract!(crate::server::mariadb);
}

mod over_postgres {
    contract!(crate::server::postgres);
}
