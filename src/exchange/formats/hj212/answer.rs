//! The answer to data: 9014, and nothing else. Whoever commands an instrument from outside may be
//! tampering with measurements.

use super::{Edition, Packet, framed};

/// The system that answers come from.
const ST: &str = "91";
const CN: &str = "9014";

/// The bytes of the answer; `None` where none is wanted, or none can be made because QN or MN is
/// missing. It is sent when the packet is kept, and not before.
pub fn answer(packet: &Packet<'_>) -> Option<Vec<u8>> {
    let (qn, mn) = (packet.qn?, packet.mn?);
    if !packet.wants_answer() {
        return None;
    }
    let flag = match packet.edition() {
        Some(Edition::Hj212_2005) => 0,
        Some(Edition::Hj212_2017) | None => 4,
        Some(Edition::Hj212_2025) => 8,
    };
    let password =
        packet.password.map_or_else(String::new, |password| format!("PW={};", password.0));
    let segment = format!("QN={qn};ST={ST};CN={CN};{password}MN={mn};Flag={flag};CP=&&&&");
    Some(framed(segment.as_bytes()))
}
