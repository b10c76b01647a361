//! The two checksums in use. HJ 212 has its own, which is not the Modbus one though they share a
//! polynomial; both are met.

/// What the checksum of a segment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crc {
    /// As HJ 212 asks for.
    Hj,
    /// Right by Modbus, which HJ 212 does not mean.
    Modbus,
    /// Right by neither: what is in the packet is not to be believed.
    Wrong,
    /// It is that of the plain text, and the segment is encrypted.
    Unchecked,
}

impl Crc {
    pub(super) fn of(segment: &[u8], stated: u16) -> Self {
        if hj_crc(segment) == stated {
            Self::Hj
        } else if modbus_crc(segment) == stated {
            Self::Modbus
        } else {
            Self::Wrong
        }
    }

    /// Whether the segment arrived as it was sent.
    pub const fn is_right(self) -> bool {
        matches!(self, Self::Hj | Self::Modbus)
    }
}

/// The checksum of HJ 212 over a segment.
pub fn hj_crc(segment: &[u8]) -> u16 {
    segment.iter().fold(0xFFFF, |crc, byte| shifted((crc >> 8) ^ u16::from(*byte)))
}

/// The checksum of Modbus over a segment.
pub fn modbus_crc(segment: &[u8]) -> u16 {
    segment.iter().fold(0xFFFF, |crc, byte| shifted(crc ^ u16::from(*byte)))
}

fn shifted(crc: u16) -> u16 {
    (0..8).fold(crc, |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xA001 } else { crc >> 1 })
}
