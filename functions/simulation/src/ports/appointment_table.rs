use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use schedule_core::{
    AnnounceShard, Announcement, AppointmentId, AppointmentItem, Moment, Status,
    doubles::InMemoryAppointmentTable,
    ports::{
        AnnouncementOutbox, AppointmentListing, AppointmentPage, AppointmentQuery, AppointmentTable,
        CreateError, DueAnnouncements, PortError, Reschedule, StatusUpdate, WaitingAnnouncements,
    },
};

use crate::{gate::Gate, world::Dependency};

/// How often a look into the index sees all that is in the table, in thousandths.
const INDEX_IS_FRESH: u32 = 600;

/// The table: core's twin of it, behind the gate, with an index that is behind.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedTable {
    gate: Gate,
    table: Arc<InMemoryAppointmentTable>,
    index: Arc<Mutex<Arc<InMemoryAppointmentTable>>>,
}

impl SimulatedTable {
    pub(crate) fn new(gate: Gate) -> Self {
        Self {
            gate,
            table: Arc::default(),
            index: Arc::default(),
        }
    }

    async fn write<T, E: From<PortError>>(
        &self,
        operation: &'static str,
        effect: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let written = async {
            let result = effect.await;
            self.gate.world().table_written(&self.table.stored());
            result
        };
        self.gate.call(Dependency::Table, operation, written).await
    }

    async fn read<T: Send>(
        &self,
        operation: &'static str,
        effect: impl Future<Output = Result<T, PortError>> + Send,
    ) -> Result<T, PortError> {
        self.gate.call(Dependency::Table, operation, effect).await
    }

    /// The index as it is seen now.
    fn index(&self) -> Arc<InMemoryAppointmentTable> {
        let mut world = self.gate.world();
        let fresh = !world.stormy() || world.rng.u32(0..1_000) < INDEX_IS_FRESH;
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh {
            *index = Arc::new(InMemoryAppointmentTable::holding(self.table.stored()));
        }
        Arc::clone(&index)
    }
}

impl AppointmentTable for SimulatedTable {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        self.write("create_appointment", self.table.create_appointment(item))
            .await
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        self.read("get_item_by_id", self.table.get_item_by_id(id)).await
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        let effect = self.table.update_appointment_status(id, status, updated_at);
        self.write("update_appointment_status", effect).await
    }
}

impl AppointmentListing for SimulatedTable {
    async fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> Result<AppointmentPage, PortError> {
        let effect = self.table.get_appointments_by_insured_id(query);
        self.read("get_appointments_by_insured_id", effect).await
    }
}

impl AnnouncementOutbox for SimulatedTable {
    async fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> Result<DueAnnouncements, PortError> {
        let effect = async { self.index().get_due_announcements(shard, now, limit).await };
        self.read("get_due_announcements", effect).await
    }

    async fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> Result<WaitingAnnouncements, PortError> {
        let effect = async {
            let index = self.index();
            index
                .count_waiting_announcements(shard, created_until, limit)
                .await
        };
        self.read("count_waiting_announcements", effect).await
    }

    async fn reschedule_announcement(
        &self,
        id: &AppointmentId,
        seen: &Announcement,
        next: &Announcement,
    ) -> Result<Reschedule, PortError> {
        let effect = self.table.reschedule_announcement(id, seen, next);
        self.write("reschedule_announcement", effect).await
    }
}
