//! The thread on which feeds run while the window is open: what they bring is handed to the thread of
//! the district file, one file after the other.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

use super::action::{Action, Actions, StoreRequest, TakenIn};
use super::model::feeds::{FeedsSeen, FeedsWish};
use crate::domain::World;
use crate::exchange::readings::StationIndex;
use crate::intake::feed::{Arrived, Running};
use crate::intake::web::Reach;
use crate::jobs::Derived;
use crate::settings::clock;

/// How often it looks whether something has come.
const LOOK: Duration = Duration::from_millis(500);
/// The thread of the district file is given so long for one file.
const WITHIN: Duration = Duration::from_mins(2);

/// What the thread is told.
enum Order {
    /// Run these, for this district, in place of those that run.
    Turn(Box<FeedsWish>, PathBuf, Arc<World>),
    World(Arc<World>),
    /// Take in what there is, whatever its time.
    Now,
}

/// The way to the thread, which begins with the first feed that is switched on.
#[derive(Default)]
pub struct Feeding {
    orders: Option<Sender<Order>>,
    district: PathBuf,
    wish: FeedsWish,
    world: Option<Arc<World>>,
}

impl Feeding {
    /// In every frame: other feeds, another district or other records are told to the thread. Fails only
    /// where the system has no thread left.
    pub fn follow(
        &mut self,
        (district, world): (&std::path::Path, &Arc<World>),
        wish: &FeedsWish,
        actions: &Actions,
    ) -> std::io::Result<()> {
        let is_other = self.district != district || self.wish != *wish;
        if !is_other {
            let is_known = self.world.as_ref().is_some_and(|known| Arc::ptr_eq(known, world));
            if self.orders.is_some() && !is_known {
                self.world = Some(Arc::clone(world));
                self.tell(Order::World(Arc::clone(world)));
            }
            return Ok(());
        }
        district.clone_into(&mut self.district);
        self.wish = wish.clone();
        self.world = Some(Arc::clone(world));
        if self.orders.is_none() {
            if !wish.feeds.any_is_on() {
                return Ok(());
            }
            let (sender, receiver) = channel();
            let actions = actions.clone();
            Builder::new()
                .name("feeds".to_owned())
                .spawn(move || Thread { actions, receiver, said: RefCell::default() }.work())?;
            self.orders = Some(sender);
        }
        self.tell(Order::Turn(Box::new(wish.clone()), district.to_owned(), Arc::clone(world)));
        Ok(())
    }

    /// Takes in what there is now.
    pub fn take_now(&self) {
        self.tell(Order::Now);
    }

    fn tell(&self, order: Order) {
        if let Some(orders) = &self.orders {
            drop(orders.send(order));
        }
    }
}

struct Thread {
    actions: Actions,
    receiver: Receiver<Order>,
    /// What the window knows.
    said: RefCell<Option<FeedsSeen>>,
}

impl Thread {
    fn work(self) {
        let mut running: Option<Running> = None;
        let mut known = (FeedsWish::default(), PathBuf::new(), Arc::new(World::default()));
        let mut next = None;
        loop {
            let order = match next.take() {
                Some(order) => Some(order),
                None => match self.receiver.recv_timeout(LOOK) {
                    Ok(order) => Some(order),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            };
            let mut all_now = false;
            match order {
                Some(Order::Turn(wish, district, world)) => {
                    // The address is free only when the last one is gone.
                    drop(running.take());
                    let index = StationIndex::of(&world);
                    let reach = Reach { proxy: wish.proxy.clone(), timeout: None };
                    running = wish
                        .feeds
                        .any_is_on()
                        .then(|| Running::start(&wish.feeds, &district, &index, reach));
                    known = (*wish, district, world);
                    self.say(running.as_ref());
                }
                Some(Order::World(world)) => known.2 = world,
                Some(Order::Now) => all_now = true,
                None => {}
            }
            if let Some(running) = &mut running {
                next = self.step(running, (&known.0, &known.2), all_now);
            }
        }
    }

    /// Takes in what came; an order that was given meanwhile.
    fn step(
        &self,
        running: &mut Running,
        (wish, world): (&FeedsWish, &Arc<World>),
        all_now: bool,
    ) -> Option<Order> {
        for arrived in running.poll(clock::now(), all_now) {
            let order = match self.taken_in(&arrived, wish, world) {
                Ok(outcome) => {
                    running.done(&arrived, &outcome, clock::now());
                    None
                }
                // It waits where it is, and comes again.
                Err(order) => order,
            };
            if order.is_some() {
                return order;
            }
        }
        self.say(Some(running));
        None
    }

    /// What became of a file; another order, or none, where nobody answered.
    fn taken_in(
        &self,
        arrived: &Arrived,
        wish: &FeedsWish,
        world: &Arc<World>,
    ) -> Result<TakenIn, Option<Order>> {
        let stamp = clock::stamp(Some(&wish.actor).filter(|by| !by.is_empty()).map(String::as_str));
        let mut answer: Derived<(), Option<TakenIn>> = Derived::default();
        let request = StoreRequest::TakeIn {
            arrived: Box::new(arrived.clone()),
            world: Arc::clone(world),
            ids: clock::ids(&stamp),
            stamp,
            reply: answer.ask_anew(()),
        };
        self.actions.send(Action::Keep(request));
        let began = Instant::now();
        while began.elapsed() < WITHIN {
            answer.poll();
            if let Some(outcome) = answer.get_mut().take() {
                return Ok(outcome);
            }
            match self.receiver.recv_timeout(LOOK / 10) {
                Ok(order @ Order::Turn(..)) => return Err(Some(order)),
                // The next look has the latest records anyway.
                Ok(Order::World(_) | Order::Now) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(None),
            }
        }
        Err(None)
    }

    fn say(&self, running: Option<&Running>) {
        let seen = running.map_or_else(FeedsSeen::default, |running| FeedsSeen {
            address: running.address(),
            heard: running.heard(),
            seen: running.seen().clone(),
        });
        let mut said = self.said.borrow_mut();
        if said.as_ref() != Some(&seen) {
            *said = Some(seen.clone());
            self.actions.send(Action::Feeds(seen));
        }
    }
}
