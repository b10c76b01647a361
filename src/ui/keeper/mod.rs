//! The thread that owns the district file. The window sends a [`Request`], the answer comes back as
//! an [`Action`].
//!
//! Requests are done one after the other in the order in which they were sent, so that what a
//! person did first is in the journal first. Nothing in the window waits for the disk.

mod attachments;
mod disk;
mod open;
mod readings;
mod room;
mod seat;
mod watch;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};

use jiff::civil::Date;

pub use self::disk::free_disk;
pub use self::open::SAMPLE;
use self::seat::Seat;
use self::watch::{LOOK_EVERY, Watch};
use super::action::{Action, Actions, DataAction, DialogAction, Request, StoreRequest};
use super::model::meetings::Then;
use super::model::tables::Tables;
use super::model::{Toast, Tone};
use crate::analysis::air::DistrictHours;
use crate::domain::LocalizedText;
use crate::intake::feed::take_in;
use crate::jobs::Reply;
use crate::store::{AsOf, Error, Store};

/// The way to the thread.
pub struct Keeper {
    /// `None` once the window closes. With each request the district that was on the screen then.
    requests: Option<Sender<(Arc<Path>, Request)>>,
    district: Arc<Path>,
    waiting: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Fails only when the system has no thread left.
    pub fn start(actions: Actions) -> std::io::Result<Self> {
        let (requests, received) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&waiting);
        let thread = Builder::new()
            .name("district file".to_owned())
            .spawn(move || work(&received, &actions, &left))?;
        let district = Path::new("").into();
        Ok(Self { requests: Some(requests), district, waiting, thread: Some(thread) })
    }

    /// The window shows this district now: what is asked from now on is meant for it.
    pub fn turn_to(&mut self, district: &Path) {
        self.district = district.into();
    }

    /// It is done after all that was asked before.
    pub fn ask(&self, request: impl Into<Request>) {
        if let Some(requests) = &self.requests {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            if requests.send((Arc::clone(&self.district), request.into())).is_err() {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    /// Whether all that was asked is done.
    pub fn is_idle(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }
}

impl Drop for Keeper {
    /// Everything that was asked is done and the file is at rest before the window is gone.
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has been told of already.
            drop(thread.join());
        }
    }
}

fn work(received: &Receiver<(Arc<Path>, Request)>, actions: &Actions, waiting: &AtomicUsize) {
    let mut seat: Option<Seat> = None;
    let mut watch = Watch::default();
    loop {
        match received.recv_timeout(LOOK_EVERY) {
            Ok((district, request)) => {
                let answer = perform(request, &district, &mut seat, actions);
                if let Some(seat) = &seat {
                    watch.begin(&seat.store);
                }
                actions.send(answer);
                waiting.fetch_sub(1, Ordering::SeqCst);
            }
            Err(RecvTimeoutError::Timeout) => {
                let seen = seat.as_mut().map(|seat| watch.look(seat)).unwrap_or_default();
                for action in seen {
                    actions.send(action);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
}

/// `place` is empty while no district is open; `district` is the one that the window showed.
fn perform(
    request: Request,
    district: &Path,
    place: &mut Option<Seat>,
    actions: &Actions,
) -> Action {
    match request {
        Request::Open(path, reading) => open::open(path, &reading, place, actions),
        Request::New(path) => open::create(path, None, place, actions),
        Request::Found(path, edit, stamp) => {
            open::create(path, Some((&edit, &stamp)), place, actions)
        }
        Request::Sample { folder, stamp } => open::sample(&folder, &stamp, place, actions),
        Request::District(StoreRequest::Event { district, kind, note, stamp }) => {
            write::event(place.as_mut(), &district, (kind, &note), &stamp)
        }
        Request::BringBack(wish, stamp) => open::bring_back(wish, &stamp, place, actions),
        Request::District(request) => match place {
            Some(seat) if seat.store.path() == district => of_district(request, seat, actions),
            Some(_) => too_late(request),
            None => Action::Nothing,
        },
    }
}

fn of_district(request: StoreRequest, seat: &mut Seat, actions: &Actions) -> Action {
    let store = &mut seat.store;
    match request {
        StoreRequest::Apply { edit, stamp } => write::apply(seat, &edit, &stamp),
        StoreRequest::Back { steps, stamp } => write::back(seat, steps, &stamp),
        StoreRequest::Reload => write::reloaded(seat),
        StoreRequest::Backup(stamp) => match store.backup_dated(&stamp, "backup") {
            Ok(_) => Action::Data(DataAction::BackedUp(Some(stamp.at))),
            Err(error) => failed(&error),
        },
        StoreRequest::Room(reply) => {
            reply.send(store.room().ok());
            Action::Nothing
        }
        StoreRequest::Compact { progress, reply } => {
            let said = room::compact(store, &progress);
            reply.send(true);
            said
        }
        StoreRequest::Import(import) => write::import(seat, *import),
        StoreRequest::Deliver(request) => write::deliver(seat, *request),
        StoreRequest::TakeIn { arrived, world, stamp, mut ids, reply } => {
            let taken = take_in(&arrived, &mut seat.store, &world, (&stamp, &mut ids));
            let told = write::caught_up(seat, None);
            reply.send(Some(taken));
            told
        }
        StoreRequest::AsOf { now, moment, reply } => {
            let world = store.rewound(now, AsOf::Moment(moment)).ok();
            let world = world.filter(|world| !world.is_empty());
            reply.send(world.map(|world| Arc::new(Then { moment, world: Arc::new(world) })));
            Action::Nothing
        }
        StoreRequest::History(id) => match store.history_of(id) {
            Ok(versions) => Action::Dialog(DialogAction::RecordHistory(id, versions)),
            Err(error) => failed(&error),
        },
        StoreRequest::StepKinds(reply) => {
            reply.send(Arc::new(write::step_kinds(store, &reply.key)));
            Action::Nothing
        }
        StoreRequest::Failures(reply) => {
            reply.send(write::failures(store, reply.key.0));
            Action::Nothing
        }
        StoreRequest::Hours(reply, today) => hours(store, &reply, today),
        StoreRequest::Attach { record, files, stamp } => {
            attachments::attach(store, record, files, &stamp)
        }
        StoreRequest::Look { job, longest_px, reply } => {
            attachments::look(store, job, longest_px, reply, actions)
        }
        StoreRequest::SaveAttachment { name, kind, outgoing } => {
            attachments::save(store, name, kind, outgoing, actions)
        }
        StoreRequest::Event { district, kind, note, stamp } => {
            write::event(Some(seat), &district, (kind, &note), &stamp)
        }
    }
}

fn hours(store: &Store, reply: &Reply<Tables, Option<Arc<DistrictHours>>>, today: Date) -> Action {
    match readings::hours(store, &reply.key.world, today) {
        Ok(hours) => {
            reply.send(hours);
            Action::Nothing
        }
        Err(error) => failed(&error),
    }
}

/// What was asked of a district that had given way to another by then, while the window still showed
/// it: nothing is done, least of all in the other one.
fn too_late(request: StoreRequest) -> Action {
    let reason = LocalizedText::new(
        "此时已打开另一个区域，刚才的操作没有进行",
        "Another district was opened meanwhile: the last step was not done",
    );
    match request {
        StoreRequest::Apply { .. } => {
            let refused = DataAction::Refused { world: None, entries: Vec::new(), reason };
            Action::Data(DataAction::Applied(Box::new(refused)))
        }
        StoreRequest::Import(import) => unwritten(reason, import.reply),
        StoreRequest::Deliver(request) => unwritten(reason, request.reply),
        StoreRequest::Compact { reply, .. } => {
            reply.send(true);
            Action::Say(Toast::new(Tone::Act, reason))
        }
        // Whoever asked has gone with its district.
        StoreRequest::Reload
        | StoreRequest::Room(_)
        | StoreRequest::AsOf { .. }
        | StoreRequest::Failures(_)
        | StoreRequest::Hours(..)
        | StoreRequest::StepKinds(_)
        | StoreRequest::TakeIn { .. }
        | StoreRequest::Look { .. } => Action::Nothing,
        StoreRequest::Back { .. }
        | StoreRequest::Backup(_)
        | StoreRequest::History(_)
        | StoreRequest::Attach { .. }
        | StoreRequest::SaveAttachment { .. }
        | StoreRequest::Event { .. } => Action::Say(Toast::new(Tone::Act, reason)),
    }
}

fn unwritten(reason: LocalizedText, reply: Reply<(), Option<bool>>) -> Action {
    Action::All(vec![Action::Say(Toast::new(Tone::Act, reason)), Action::Written(reply, false)])
}

/// What the file could not do; memory is as it was.
fn failed(error: &Error) -> Action {
    Action::Say(Toast::failed(error))
}
