//! The cases of what has to be announced.

use jiff::{SignedDuration, Timestamp};

use super::appointment_table::{WholeTable, complete, create_item, must, noon};
use crate::{
    domain::{AnnounceShard, Announcement, AppointmentItem, Country, Moment},
    doubles::sample_appointment,
    ports::{DueAnnouncements, Reschedule},
};

pub(super) async fn an_item_reads_back_with_its_announcement(table: &impl WholeTable) {
    let item = pending(1);
    create_item(table, &item).await;
    let plain = AppointmentItem::from(sample_appointment(2, Country::CL));
    create_item(table, &plain).await;
    for expected in [item, plain] {
        let found = must(table.get_item_by_id(&expected.appointment.appointment_id).await);
        assert_eq!(found, Some(expected), "an item reads back as it was");
    }
}

pub(super) async fn what_is_due_comes_longest_due_first_and_within_the_limit(table: &impl WholeTable) {
    // All of one shard, against the order of ids; the last one is not due.
    for (number, minutes) in [(8, 3), (16, 1), (24, 2), (32, 9)] {
        let mut item = pending(number);
        if let Some(announcement) = &mut item.announcement {
            announcement.after = Moment::new(minutes_after(minutes));
        }
        create_item(table, &item).await;
    }
    create_item(table, &pending(1)).await;
    create_item(table, &AppointmentItem::from(sample_appointment(40, Country::PE))).await;
    assert_eq!(numbers(&due(table, minutes_after(3), 10).await), [16, 24, 8]);
    assert_eq!(numbers(&due(table, minutes_after(3), 2).await), [16, 24]);
    let waiting = must(
        table
            .count_waiting_announcements(AnnounceShard::S0, pending(8).appointment.date_created, 100)
            .await,
    );
    assert_eq!(waiting.count, 4, "what is not due waits too");
    assert_eq!(waiting.oldest, Some(pending(8).appointment.date_created));
}

pub(super) async fn what_is_younger_does_not_wait(table: &impl WholeTable) {
    create_item(table, &pending(8)).await;
    let before = Moment::new(Timestamp::UNIX_EPOCH);
    let waiting = must(
        table
            .count_waiting_announcements(AnnounceShard::S0, before, 100)
            .await,
    );
    assert_eq!((waiting.count, waiting.oldest), (0, None));
}

pub(super) async fn of_two_that_saw_the_same_one_reschedules(table: &impl WholeTable) {
    let item = pending(8);
    create_item(table, &item).await;
    let seen = announcement(&item);
    let next = seen.claimed(minutes_after(60)).announced(minutes_after(60));
    assert_eq!(
        reschedule(table, &item, &seen, &next).await,
        Reschedule::Rescheduled
    );
    assert_eq!(reschedule(table, &item, &seen, &next).await, Reschedule::Changed);
    let found = must(table.get_item_by_id(&item.appointment.appointment_id).await);
    let expected = AppointmentItem {
        announcement: Some(next),
        ..item
    };
    assert_eq!(found, Some(expected), "only the announcement changes");
}

pub(super) async fn what_is_completed_is_not_announced(table: &impl WholeTable) {
    let item = pending(8);
    create_item(table, &item).await;
    complete(table, &item.appointment, noon()).await;
    let late = minutes_after(600);
    assert_eq!(due(table, late, 10).await, DueAnnouncements::default());
    let seen = announcement(&item);
    let next = seen.claimed(late);
    assert_eq!(reschedule(table, &item, &seen, &next).await, Reschedule::Changed);
    let absent = pending(16);
    assert_eq!(
        reschedule(table, &absent, &seen, &next).await,
        Reschedule::Changed
    );
    let found = must(table.get_item_by_id(&absent.appointment.appointment_id).await);
    assert_eq!(found, None, "nothing is created");
    let found = must(table.get_item_by_id(&item.appointment.appointment_id).await);
    assert_eq!(found.and_then(|item| item.announcement), None);
}

fn pending(number: u32) -> AppointmentItem {
    AppointmentItem::pending(sample_appointment(number, Country::PE), noon())
}

fn announcement(item: &AppointmentItem) -> Announcement {
    match &item.announcement {
        Some(announcement) => announcement.clone(),
        None => panic!("a pending item has an announcement"),
    }
}

fn minutes_after(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

async fn due(table: &impl WholeTable, now: Timestamp, limit: usize) -> DueAnnouncements {
    must(table.get_due_announcements(AnnounceShard::S0, now, limit).await)
}

async fn reschedule(
    table: &impl WholeTable,
    item: &AppointmentItem,
    seen: &Announcement,
    next: &Announcement,
) -> Reschedule {
    let id = &item.appointment.appointment_id;
    must(table.reschedule_announcement(id, seen, next).await)
}

fn numbers(due: &DueAnnouncements) -> Vec<u128> {
    assert_eq!(due.unreadable, 0);
    due.items
        .iter()
        .map(|item| item.appointment.appointment_id.as_uuid().as_u128())
        .collect()
}
