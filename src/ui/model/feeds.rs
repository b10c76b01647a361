//! What the feeds of the open district say of themselves.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::intake::feed::{FeedSeen, Source};
use crate::intake::hj212::Heard;
use crate::settings::feeds::Feeds;

/// How the feeds fare.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedsSeen {
    /// Where the listener is reached; `None` while none listens.
    pub address: Option<SocketAddr>,
    pub heard: Option<Heard>,
    pub seen: BTreeMap<Source, FeedSeen>,
}

/// What is to run, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedsWish {
    pub feeds: Feeds,
    /// For the journal; empty for the login name.
    pub actor: String,
    pub proxy: Option<String>,
}
