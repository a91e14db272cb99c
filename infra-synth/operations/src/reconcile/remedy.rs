use jiff::Timestamp;
use schedule_core::{
    Announcement, AppointmentId, Moment,
    messages::AppointmentCreated,
    ports::{AnnouncementOutbox, AppointmentTable, AppointmentTopic, PortError, Reschedule},
};

/// Announces an appointment to its country again, as it was when it was accepted; `false` if there is none, or somebody
/// else announces it just now.
///
/// Its country writes the row if it lacks it, and confirms it: what was completed stays so, and nothing happens twice.
/// Where it has announcements, their count begins anew, so that `republishPending` goes on with it should
/// this one be lost as well.
///
/// # Errors
///
/// When the table or the topic does not answer.
pub async fn announce_again(
    table: &(impl AppointmentTable + AnnouncementOutbox),
    topic: &impl AppointmentTopic,
    id: &AppointmentId,
    now: Timestamp,
) -> Result<bool, PortError> {
    let Some(item) = table.get_item_by_id(id).await? else {
        return Ok(false);
    };
    if let Some(seen) = &item.announcement {
        let next = Announcement::first(id, now);
        if table.reschedule_announcement(id, seen, &next).await? == Reschedule::Changed {
            return Ok(false);
        }
    }
    let message = AppointmentCreated::announcing(item, Moment::new(now));
    topic.publish_appointment_created(&message).await?;
    Ok(true)
}
