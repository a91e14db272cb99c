use std::cell::RefCell;
use std::time::Duration;

use proptest::prelude::*;
use schedule_core::doubles::{
    InMemoryAppointmentTable, InMemoryAppointmentTopic, sample_appointment, sample_id,
};
use schedule_core::{Announcement, AppointmentItem, Status};

use super::*;

const NOW: i64 = 1_900_000_000;
/// As small as can be, so that every case has many pages.
const PAGE: usize = 2;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn ago(seconds: i64) -> Moment {
    Moment::new(Timestamp::from_second(NOW - seconds).unwrap())
}

struct NoPause;

impl Pace for NoPause {
    async fn wait(&self, _: Duration) {}
}

/// The two sides, and countries that do at once what an announcement asks of them.
#[derive(Debug, Clone, Default, PartialEq)]
struct World {
    entries: RefCell<BTreeMap<AppointmentId, Entry>>,
    rows: RefCell<BTreeSet<(Country, String)>>,
    refuses: bool,
}

impl World {
    fn add(
        &self,
        number: u32,
        status: Status,
        country: Country,
        age: i64,
        announcement: Option<Announcement>,
    ) {
        let id = sample_id(number);
        let entry = Entry {
            appointment_id: id,
            country,
            status,
            created: ago(age),
            announcement,
        };
        self.entries.borrow_mut().insert(id, entry);
    }

    fn add_row(&self, number: u32, country: Country) {
        self.rows
            .borrow_mut()
            .insert((country, sample_id(number).to_string()));
    }

    fn has_row(&self, entry: &Entry) -> bool {
        let row = (entry.country, entry.appointment_id.to_string());
        self.rows.borrow().contains(&row)
    }

    async fn run(&self, mends: bool) -> (Vec<Finding>, Summary) {
        let reconciliation = Reconciliation {
            since: None,
            mends: mends.then(|| Rate::per_second(1).unwrap()),
        };
        let mut findings = Vec::new();
        let summary = reconciliation
            .run(self, &NoPause, now, &mut |finding| findings.push(finding.clone()))
            .await
            .unwrap();
        (findings, summary)
    }

    async fn differences(&self) -> Vec<Difference> {
        self.run(false)
            .await
            .0
            .iter()
            .map(|finding| finding.difference)
            .collect()
    }
}

impl Records for World {
    async fn entries(&self, from: Option<&str>) -> Result<EntryPage, RecordsError> {
        let entries = self.entries.borrow();
        let mut rest = entries
            .values()
            .filter(|entry| from.is_none_or(|from| entry.appointment_id.to_string().as_str() > from));
        let entries: Vec<Entry> = rest.by_ref().take(PAGE).cloned().collect();
        let last = entries.last().map(|entry| entry.appointment_id.to_string());
        Ok(EntryPage {
            next: rest.next().and(last),
            entries,
            unreadable: 0,
        })
    }

    async fn entries_of(
        &self,
        ids: &[AppointmentId],
    ) -> Result<BTreeMap<AppointmentId, Option<Entry>>, RecordsError> {
        let entries = self.entries.borrow();
        let known = ids
            .iter()
            .filter_map(|id| Some((*id, Some(entries.get(id)?.clone()))));
        Ok(known.collect())
    }

    async fn rows(
        &self,
        country: Country,
        after: Option<&str>,
        _: Option<Moment>,
    ) -> Result<Vec<String>, RecordsError> {
        let rows = self.rows.borrow();
        let of_country = rows.iter().filter(|(of, _)| *of == country).map(|(_, row)| row);
        let rest = of_country.filter(|row| after.is_none_or(|after| row.as_str() > after));
        Ok(rest.take(PAGE).cloned().collect())
    }

    async fn rows_of(&self, country: Country, ids: &[AppointmentId]) -> Result<Vec<String>, RecordsError> {
        let rows = self.rows.borrow();
        let ids = ids.iter().map(ToString::to_string);
        Ok(ids.filter(|id| rows.contains(&(country, id.clone()))).collect())
    }

    async fn complete(&self, id: &AppointmentId) -> Result<bool, RecordsError> {
        if self.refuses {
            return Err(RecordsError("it does not answer".to_owned()));
        }
        let mut entries = self.entries.borrow_mut();
        let entry = entries.get_mut(id).unwrap();
        assert!(entry.is_pending());
        entry.status = Status::Completed;
        entry.announcement = None;
        Ok(true)
    }

    async fn announce(&self, id: &AppointmentId) -> Result<bool, RecordsError> {
        if self.refuses {
            return Err(RecordsError("it does not answer".to_owned()));
        }
        let entry = self.entries.borrow()[id].clone();
        self.rows.borrow_mut().insert((entry.country, id.to_string()));
        if entry.is_pending() {
            self.complete(id).await?;
        }
        Ok(true)
    }
}

fn scheduled(in_seconds: i64, count: u32) -> Option<Announcement> {
    let mut announcement = Announcement::first(&sample_id(1), now());
    announcement.after = ago(-in_seconds);
    announcement.count = count;
    Some(announcement)
}

#[tokio::test]
async fn each_difference_is_found_mended_and_found_no_more() {
    const OLD: i64 = 100_000;
    let check = async |difference: Difference, make: &dyn Fn(&World)| {
        let world = World::default();
        make(&world);
        let before = world.clone();
        assert_eq!(world.differences().await, [difference]);
        assert_eq!(world, before, "without --apply nothing changes");
        let (findings, summary) = world.run(true).await;
        let mending = difference.is_mendable().then_some(Mending::Done);
        assert_eq!(findings[0].mending, mending, "{difference:?}");
        assert_eq!(summary.left(), usize::from(!difference.is_mendable()));
        let left = if difference.is_mendable() {
            vec![]
        } else {
            vec![difference]
        };
        assert_eq!(world.differences().await, left);
    };
    check(Difference::CompletedWithoutRow, &|world| {
        world.add(1, Status::Completed, Country::PE, 0, None);
    })
    .await;
    check(Difference::PendingWithRow, &|world| {
        world.add(1, Status::Pending, Country::CL, OLD, scheduled(60, 1));
        world.add_row(1, Country::CL);
    })
    .await;
    check(Difference::NotAnnounced, &|world| {
        world.add(1, Status::Pending, Country::PE, OLD, None);
    })
    .await;
    check(Difference::NotAnnounced, &|world| {
        world.add(
            1,
            Status::Pending,
            Country::PE,
            OLD,
            scheduled(OLD, Announcement::MOST),
        );
    })
    .await;
    check(Difference::NotAnnounced, &|world| {
        world.add(1, Status::Pending, Country::PE, OLD, scheduled(-601, 3));
    })
    .await;
    check(Difference::UnknownRow, &|world| world.add_row(1, Country::PE)).await;
    check(Difference::MisplacedRow, &|world| {
        world.add(1, Status::Completed, Country::PE, OLD, None);
        world.add_row(1, Country::PE);
        world.add_row(1, Country::CL);
    })
    .await;
}

#[tokio::test]
async fn what_is_on_its_way_is_no_difference() {
    let world = World::default();
    world.add(1, Status::Pending, Country::PE, 60, None);
    world.add(2, Status::Pending, Country::PE, 60, scheduled(60, 0));
    world.add_row(2, Country::PE);
    world.add(3, Status::Pending, Country::CL, 100_000, scheduled(60, 5));
    let (findings, summary) = world.run(true).await;
    assert_eq!((findings, summary.on_their_way, summary.left()), (vec![], 3, 0));
}

#[tokio::test]
async fn a_difference_that_cannot_be_mended_is_told_with_the_reason_and_the_next_one_follows() {
    let world = World {
        refuses: true,
        ..World::default()
    };
    world.add(1, Status::Completed, Country::PE, 0, None);
    world.add(2, Status::Completed, Country::PE, 0, None);
    let (findings, summary) = world.run(true).await;
    let failed = Some(Mending::Failed("it does not answer".to_owned()));
    assert!(findings.iter().all(|finding| finding.mending == failed));
    assert_eq!((findings.len(), summary.left()), (2, 2));
}

#[tokio::test]
async fn what_is_announced_again_is_as_it_was_accepted_and_its_count_begins_anew() {
    let mut given_up = AppointmentItem::pending(sample_appointment(1, Country::PE), now());
    given_up.announcement = scheduled(1_000_000, Announcement::MOST);
    let mut completed = AppointmentItem::from(sample_appointment(2, Country::CL));
    completed.appointment.status = Status::Completed;
    completed.appointment.updated_at = Some(ago(1));
    let table = InMemoryAppointmentTable::holding([given_up, completed.clone()]);
    let topic = InMemoryAppointmentTopic::new();
    for (number, expected) in [(1, true), (2, true), (3, false)] {
        let announced = announce_again(&table, &topic, &sample_id(number), now()).await;
        assert_eq!(announced.unwrap(), expected);
    }
    let published = topic.published();
    assert!(
        published
            .iter()
            .all(|message| message.data.status == Status::Pending)
    );
    assert!(published.iter().all(|message| message.data.updated_at.is_none()));
    let stored = table.stored();
    let find = |number| {
        stored
            .iter()
            .find(|item| item.appointment.appointment_id == sample_id(number))
            .unwrap()
    };
    assert_eq!(
        find(1).announcement,
        Some(Announcement::first(&sample_id(1), now()))
    );
    assert_eq!(*find(2), completed, "what is completed is left as it is");
}

fn country() -> impl Strategy<Value = Country> {
    prop_oneof![Just(Country::PE), Just(Country::CL)]
}

fn world() -> impl Strategy<Value = World> {
    let announcement = prop_oneof![
        Just(None),
        (-2_000i64..2_000, 0u32..=Announcement::MOST).prop_map(|(after, count)| scheduled(after, count)),
    ];
    let status = prop_oneof![Just(Status::Pending), Just(Status::Completed)];
    let entries = prop::collection::vec((0u32..12, status, country(), 0i64..400, announcement), 0..10);
    let rows = prop::collection::vec((0u32..12, country()), 0..10);
    (entries, rows).prop_map(|(entries, rows)| {
        let world = World::default();
        for (number, status, country, age, announcement) in entries {
            world.add(number, status, country, age, announcement);
        }
        for (number, country) in rows {
            world.add_row(number, country);
        }
        world
    })
}

proptest! {
    /// Against the same question asked of both sides as a whole, in memory.
    #[test]
    fn pages_find_what_a_whole_look_finds(world in world()) {
        let mut expected = BTreeSet::new();
        for entry in world.entries.borrow().values() {
            let found = Difference::of(entry, world.has_row(entry), now());
            expected.extend(found.map(|difference| (difference, entry.appointment_id, entry.country)));
        }
        for (country, row) in world.rows.borrow().iter() {
            let id: AppointmentId = row.parse().unwrap();
            let found = match world.entries.borrow().get(&id) {
                None => Some(Difference::UnknownRow),
                Some(entry) => (entry.country != *country).then_some(Difference::MisplacedRow),
            };
            expected.extend(found.map(|difference| (difference, id, *country)));
        }
        let (findings, summary) = block_on(world.run(false));
        let found: Vec<_> = findings
            .iter()
            .map(|finding| (finding.difference, finding.appointment_id.unwrap(), finding.country))
            .collect();
        prop_assert_eq!(found.len(), expected.len(), "none is told twice");
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
        prop_assert_eq!(summary.appointments, world.entries.borrow().len());
        prop_assert_eq!(summary.rows, world.rows.borrow().len());
    }

    #[test]
    fn mending_leaves_nothing_to_mend_takes_no_row_away_and_completes_nothing_without_one(world in world()) {
        let before = world.clone();
        block_on(world.run(true));
        let left = block_on(world.differences());
        prop_assert!(left.iter().all(|difference| !difference.is_mendable()), "{left:?}");
        prop_assert!(world.rows.borrow().is_superset(&before.rows.borrow()));
        for (id, entry) in world.entries.borrow().iter() {
            prop_assert!(entry.is_pending() || world.has_row(entry));
            prop_assert!(entry.is_pending() <= before.entries.borrow()[id].is_pending());
        }
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}
