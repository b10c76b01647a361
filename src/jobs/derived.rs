//! An answer that is worked out elsewhere, with the question that it answers. Knows neither who
//! works it out nor what it is for: a job, the keeper of the file, or a test.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// The last answer to a question that changes, while a newer answer may be on its way.
///
/// # How it works
///
/// The key says all that an answer is made from. Whoever looks at the answer says every time of
/// which key it should be ([`Self::ask`]). While that is the key that was asked for last, nothing
/// happens; for another one a [`Reply`] comes back, for whoever works it out to send the answer by,
/// from any thread. [`Self::poll`] takes what has come. Only an answer to the question that was
/// asked last is taken; one to an overtaken question is dropped. Until then the last answer stays,
/// and a `Derived` is read as if it were that answer, or the default while there was none.
///
/// # Limits
///
/// One answer is remembered: a key that comes back after another one was asked for is asked for
/// again. Nothing runs here and nothing is stopped here: that whoever works on an overtaken question
/// stops is up to [`super::Jobs`]. A [`Reply`] that is dropped unused leaves the question open, and
/// it is not asked again before the key changes or [`Self::renew`] is called. What a key leaves out
/// may change unnoticed, so a key that holds an [`Arc`] compares it by identity ([`Same`]) where it
/// does not know better.
pub struct Derived<K, V> {
    asked: Option<K>,
    /// Counted up with each question, and with each time when none is to be answered any more.
    number: u64,
    /// What `answer` is the answer to.
    of: Option<K>,
    answer: V,
    sender: Sender<(u64, K, V)>,
    receiver: Receiver<(u64, K, V)>,
}

/// By which the answer to one question is sent.
pub struct Reply<K, V> {
    /// What the answer is to be made from.
    pub key: K,
    number: u64,
    sender: Sender<(u64, K, V)>,
}

/// An [`Arc`] that equals itself and its clones only.
pub struct Same<T>(pub Arc<T>);

impl<K, V: Default> Default for Derived<K, V> {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { asked: None, number: 0, of: None, answer: V::default(), sender, receiver }
    }
}

impl<K, V> Deref for Derived<K, V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.answer
    }
}

impl<K: Clone + PartialEq, V: Default> Derived<K, V> {
    /// Says which answer is wanted; where it is neither there nor on its way, how to send it.
    pub fn ask(&mut self, key: K) -> Option<Reply<K, V>> {
        (self.asked.as_ref() != Some(&key)).then(|| self.ask_anew(key))
    }

    /// Asks whatever is there or on its way.
    pub fn ask_anew(&mut self, key: K) -> Reply<K, V> {
        self.number += 1;
        self.asked = Some(key.clone());
        Reply { key, number: self.number, sender: self.sender.clone() }
    }

    /// Takes an answer that has come; whether there was one.
    pub fn poll(&mut self) -> bool {
        self.poll_if(|_, _| false)
    }

    /// The same, where `accepts`, given the last question and an overtaken one, says whether the
    /// answer to that is better than an older one.
    pub fn poll_if(&mut self, accepts: impl Fn(&K, &K) -> bool) -> bool {
        let mut has_come = false;
        while let Ok((number, key, answer)) = self.receiver.try_recv() {
            let Some(asked) = &self.asked else { continue };
            if number == self.number || accepts(asked, &key) {
                (self.of, self.answer) = (Some(key), answer);
                has_come = true;
            }
        }
        has_come
    }

    /// The last question, answered or not.
    pub const fn question(&self) -> Option<&K> {
        self.asked.as_ref()
    }

    /// The question that the last answer answers.
    pub const fn of(&self) -> Option<&K> {
        self.of.as_ref()
    }

    /// Whether the last question has its answer.
    pub fn is_fresh(&self) -> bool {
        self.asked.is_some() && self.asked == self.of
    }

    /// For whoever takes the answer away, or puts a number on it.
    pub const fn get_mut(&mut self) -> &mut V {
        &mut self.answer
    }

    /// What is on its way is dropped, and the next question is asked, even if it is the last one
    /// again. The answer that is there stays.
    pub fn renew(&mut self) {
        self.number += 1;
        self.asked = None;
    }

    /// As if nothing had ever been asked.
    pub fn forget(&mut self) {
        self.renew();
        (self.of, self.answer) = (None, V::default());
    }
}

impl<K: Clone, V> Reply<K, V> {
    /// Whoever asked finds it at the next [`Derived::poll`]. Of several answers the last one counts.
    /// Whether anybody is there to find it.
    pub fn send(&self, answer: V) -> bool {
        self.sender.send((self.number, self.key.clone(), answer)).is_ok()
    }
}

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Same<T> {
    type Target = Arc<T>;

    fn deref(&self) -> &Arc<T> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Doubled = Derived<u8, u16>;

    fn answer(reply: &Reply<u8, u16>) {
        reply.send(u16::from(reply.key) * 2);
    }

    #[test]
    fn a_question_is_asked_once_and_its_answer_stays_until_the_next() {
        let mut doubled = Doubled::default();
        assert!(!doubled.is_fresh());
        let first = doubled.ask(3).unwrap();
        assert!(doubled.ask(3).is_none());
        assert!(!doubled.poll());
        answer(&first);
        assert!(doubled.poll());
        assert_eq!((*doubled, doubled.is_fresh()), (6, true));

        let second = doubled.ask(4).unwrap();
        assert_eq!((*doubled, doubled.of(), doubled.is_fresh()), (6, Some(&3), false));
        answer(&second);
        assert!(doubled.poll());
        assert_eq!(*doubled, 8);
    }

    #[test]
    fn the_answer_to_an_overtaken_question_is_dropped() {
        let mut doubled = Doubled::default();
        let (late, newer) = (doubled.ask(1).unwrap(), doubled.ask(2).unwrap());
        answer(&newer);
        assert!(doubled.poll());
        answer(&late);
        assert!(!doubled.poll());
        assert_eq!(*doubled, 4);
    }

    #[test]
    fn a_key_that_goes_back_is_asked_again_and_only_the_newest_answer_counts() {
        let mut doubled = Doubled::default();
        let (first, _, again) = (doubled.ask(1), doubled.ask(2), doubled.ask(1));
        answer(&first.unwrap());
        assert!(!doubled.poll(), "whoever was told to stop may have sent half an answer");
        answer(&again.unwrap());
        assert!(doubled.poll());
        assert_eq!(*doubled, 2);
    }

    #[test]
    fn late_answers_are_taken_where_they_are_better_than_none() {
        let mut doubled = Doubled::default();
        let (late, last) = (doubled.ask(1).unwrap(), doubled.ask(3).unwrap());
        answer(&late);
        assert!(doubled.poll_if(|asked, answered| asked % 2 == answered % 2));
        assert_eq!((*doubled, doubled.is_fresh()), (2, false));
        answer(&last);
        assert!(doubled.poll());
        assert!(doubled.is_fresh());
    }

    #[test]
    fn after_renewing_the_answer_stays_and_after_forgetting_nothing_does() {
        let mut doubled = Doubled::default();
        answer(&doubled.ask(1).unwrap());
        assert!(doubled.poll());
        let before = doubled.ask(2).unwrap();
        let again = doubled.ask_anew(2);
        answer(&before);
        assert!(!doubled.poll());
        assert_eq!((*doubled, doubled.of(), doubled.is_fresh()), (2, Some(&1), false));
        doubled.forget();
        answer(&again);
        assert!(!doubled.poll());
        assert_eq!((*doubled, doubled.question()), (0, None));
    }

    #[test]
    fn an_unanswered_question_is_asked_again_only_when_renewed() {
        let mut doubled = Doubled::default();
        drop(doubled.ask(1));
        assert!(doubled.ask(1).is_none());
        doubled.renew();
        assert!(doubled.ask(1).is_some());
    }

    #[derive(Clone, Debug)]
    enum Step {
        Ask(u8),
        /// By somebody among those who still work on a question.
        Answer(prop::sample::Index),
        Stop(prop::sample::Index),
        Poll,
        Renew,
        Forget,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0..4_u8).prop_map(Step::Ask),
            4 => any::<prop::sample::Index>().prop_map(Step::Answer),
            1 => any::<prop::sample::Index>().prop_map(Step::Stop),
            3 => Just(Step::Poll),
            1 => Just(Step::Renew),
            1 => Just(Step::Forget),
        ]
    }

    proptest! {
        /// Whatever is asked, and answered late or never: an answer is taken only to the question
        /// that is the last one then, no other step changes it, and when all that is on its way has
        /// come the last question has its answer, unless whoever was asked last has stopped.
        #[test]
        fn what_is_shown_is_an_answer_to_the_last_question_of_its_time(
            steps in prop::collection::vec(step(), 0..60),
        ) {
            let mut doubled = Doubled::default();
            let (mut working, mut last, mut shown) = (Vec::new(), None, 0);
            let (mut count, mut is_stopped) = (0, false);
            for step in steps {
                match step {
                    Step::Ask(key) => {
                        let reply = doubled.ask(key);
                        prop_assert_eq!(reply.is_none(), last == Some(key));
                        last = Some(key);
                        if let Some(reply) = reply {
                            (count, is_stopped) = (count + 1, false);
                            working.push((count, reply));
                        }
                    }
                    Step::Answer(at) if !working.is_empty() => {
                        answer(&working.swap_remove(at.index(working.len())).1);
                    }
                    Step::Stop(at) if !working.is_empty() => {
                        is_stopped |= working.swap_remove(at.index(working.len())).0 == count;
                    }
                    Step::Poll => {
                        if doubled.poll() {
                            prop_assert!(doubled.is_fresh());
                            shown = last.map_or(0, |last| u16::from(last) * 2);
                        }
                    }
                    Step::Renew => {
                        doubled.renew();
                        last = None;
                    }
                    Step::Forget => {
                        doubled.forget();
                        (last, shown) = (None, 0);
                    }
                    Step::Answer(_) | Step::Stop(_) => {}
                }
                prop_assert_eq!((doubled.question().copied(), *doubled), (last, shown));
            }
            for (_, reply) in &working {
                answer(reply);
            }
            doubled.poll();
            prop_assert!(last.is_none() || is_stopped || doubled.is_fresh());
        }
    }
}
