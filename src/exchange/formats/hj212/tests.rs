use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::Localized as _;

/// Worked packets, with their checksums by another program.
const HOUR: &str = "##0284QN=20261129100512034;ST=22;CN=2061;PW=123456;MN=130208A0000000000000SP01;Flag=5;CP=&&DataTime=20261129090000;a34004-Avg=88,a34004-Min=71,a34004-Max=104,a34004-Flag=N;a34002-Avg=143,a34002-Flag=N;a21005-Avg=1.25,a21005-Flag=N;a01007-Avg=2.1,a01007-Flag=N;a01008-Avg=315,a01008-Flag=N&&D341\r\n";
const ACK: &str = "##0087QN=20261129100512034;ST=91;CN=9014;PW=123456;MN=130208A0000000000000SP01;Flag=4;CP=&&&&BDC1\r\n";
const STACK: &str = "##0235QN=20261129100013000;ST=31;CN=2011;PW=123456;MN=130208B0000000000000SP02;Flag=4;CP=&&DataTime=20261129100010;a21026-Rtd=12.4,a21026-ZsRtd=18.7,a21026-Flag=N;a34013-Rtd=3.1,a34013-ZsRtd=4.7,a34013-Flag=N;a19001-Rtd=12.85,a19001-Flag=N&&0440\r\n";
const DUST: &str = "##0113ST=39;CN=2011;PW=123456;MN=SP-GD-0007;CP=&&DataTime=20261129100000;a34001-Rtd=310;a34002-Rtd=188,a34002-Flag=D;&&CAC1\r\n";
const SPLIT: &str = "##0151QN=20261129100600000;ST=22;CN=2051;PW=123456;MN=130208A0000000000000SP01;Flag=7;PNUM=2;PNO=1;CP=&&DataTime=20261129100500;a34004-Avg=91,a34004-Flag=N&&FA01\r\n";
const WORKED: [&str; 5] = [HOUR, ACK, STACK, DUST, SPLIT];

/// The only packet of some bytes, with nothing beside it.
fn only(bytes: &[u8]) -> Frame<'_> {
    match next_frame(bytes, true) {
        Step::Frame { noise: 0, frame, used } if used == bytes.len() => frame,
        step => panic!("{step:?} of {}", String::from_utf8_lossy(bytes)),
    }
}

fn segment(packet: &str) -> &str {
    &packet[6..packet.len() - 6]
}

fn read(packet: &str) -> Packet<'_> {
    Packet::read(segment(packet))
}

#[test]
fn worked_packets_have_their_lengths_and_checksums() {
    for (packet, length) in WORKED.into_iter().zip([284, 87, 235, 113, 151]) {
        let frame = only(packet.as_bytes());
        assert_eq!((frame.stated_length, frame.segment.len()), (length, length));
        assert_eq!((frame.crc, frame.notes), (Crc::Hj, vec![]), "{packet}");
    }
    let crcs = [(b"".as_slice(), 0xFFFF), (b"\0", 0x4040), (b"123456789", 0x2F80)];
    for (bytes, crc) in crcs {
        assert_eq!(hj_crc(bytes), crc);
    }
    let of_the_standard =
        b"QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";
    assert_eq!((hj_crc(of_the_standard), modbus_crc(of_the_standard)), (0x2200, 0xCCF4));
}

#[test]
fn an_hour_is_labelled_by_its_start() {
    let packet = read(HOUR);
    let start = date(2026, 11, 29).at(9, 0, 0, 0);
    let end = date(2026, 11, 29).at(10, 0, 0, 0);
    assert_eq!(packet.span(), Some(Span { start, end: Some(end) }));
    assert_eq!(packet.edition(), Some(Edition::Hj212_2017));
    let values: Vec<_> =
        packet.factors.iter().map(|factor| (factor.code, factor.number(), factor.flag())).collect();
    let normal = Some("N");
    assert_eq!(
        values,
        [
            ("a34004", Some(88.0), normal),
            ("a34002", Some(143.0), normal),
            ("a21005", Some(1.25), normal),
            ("a01007", Some(2.1), normal),
            ("a01008", Some(315.0), normal),
        ]
    );
    assert_eq!(packet.factors[0].get("Max"), Some("104"));
    assert_eq!(packet.notes, []);
}

#[test]
fn a_stack_has_measured_and_converted_values() {
    let packet = read(STACK);
    assert_eq!((packet.kind(), packet.wants_answer()), (Kind::RealTime, false));
    assert_eq!(packet.span().unwrap().end, None);
    assert_eq!(packet.factors[0].number(), Some(12.4));
    assert_eq!(packet.factors[0].converted(), Some(18.7));
    assert_eq!(packet.factors[2].converted(), None);
}

#[test]
fn bad_manners_are_read_and_noted() {
    let packet = read(DUST);
    assert_eq!(packet.mn, Some("SP-GD-0007"));
    assert_eq!(packet.factors[0].number(), Some(310.0));
    assert_eq!(packet.factors[1].flag(), Some("D"));
    let notes = [Note::TrailingSemicolon, Note::NoQn, Note::NoFlag, Note::OddMn];
    assert_eq!(packet.notes, notes);
}

#[test]
fn parts_of_a_split_packet_say_which_they_are() {
    let packet = read(SPLIT);
    assert_eq!((packet.pnum, packet.pno, packet.kind()), (Some(2), Some(1), Kind::Minutes));
    assert_eq!(packet.notes, []);
    let second = SPLIT.replace("PNO=1", "PNO=2");
    assert_ne!(packet.identity(), read(&second).identity());
    assert_eq!(read(DUST).identity(), None, "without QN it could be any");
    let unclear = Packet::read("QN=1;MN=130208A0000000000000SP01;Flag=7;CP=&&&&");
    assert!(unclear.notes.contains(&Note::SplitUnclear));
}

#[test]
fn the_answer_is_9014_and_only_where_one_is_wanted() {
    assert_eq!(answer(&read(HOUR)), Some(ACK.as_bytes().to_vec()));
    assert_eq!(answer(&read(STACK)), None);
    assert_eq!(answer(&read(DUST)), None);
    assert_eq!(answer(&read(ACK)), None);
}

#[test]
fn a_password_is_neither_printed_nor_kept() {
    let said = format!("{:?}", read(HOUR));
    assert!(!said.contains("123456"), "{said}");
    let changed = "QN=1; pw =65 4,32;MN=1;NewPW=654321;PW=654CP=&&NewPW=654321,PW=654;PolId=PW&&";
    let kept = without_password(changed.as_bytes());
    let stars = "QN=1; pw =*******;MN=1;NewPW=******;PW=***CP=&&NewPW=******,PW=***;PolId=PW&&";
    assert_eq!(String::from_utf8(kept).unwrap(), stars);
    let said = format!("{:?}", Packet::read(changed));
    assert!(!said.contains("65"), "{said}");
    assert_eq!(without_password(b"MN=1"), b"MN=1");
}

/// A packet around a segment with another checksum.
fn with_crc(segment: &str, crc: &str) -> String {
    format!("##{:04}{segment}{crc}\r\n", segment.len())
}

#[test]
fn a_modbus_checksum_is_right_but_of_the_wrong_kind() {
    let text = segment(HOUR);
    let packet = with_crc(text, &format!("{:04X}", modbus_crc(text.as_bytes())));
    let frame = only(packet.as_bytes());
    assert_eq!((frame.crc, frame.notes.as_slice()), (Crc::Modbus, [Note::CrcModbus].as_slice()));
    let lower = with_crc(text, "d341");
    assert_eq!(only(lower.as_bytes()).notes, [Note::CrcLowerCase]);
    let wrong = with_crc(text, "0000");
    assert_eq!(only(wrong.as_bytes()).crc, Crc::Wrong);
}

#[test]
fn a_wrong_length_is_read_to_the_end_of_the_data() {
    let notes = |packet: &str| {
        let frame = only(packet.as_bytes());
        assert_eq!((frame.crc, frame.segment), (Crc::Hj, segment(HOUR).as_bytes()), "{packet}");
        frame.notes
    };
    for stated in [0, 17, 283, 285, 999, 9999] {
        let packet = format!("##{stated:04}{}", &HOUR[6..]);
        assert_eq!(notes(&packet), [Note::LengthWrong { stated, found: 284 }]);
    }
    assert_eq!(notes(HOUR.trim_end()), [Note::NoLineEnd]);
    assert_eq!(notes(&HOUR.replace("\r\n", "\n")), []);
}

#[test]
fn a_stream_is_cut_wherever_it_is_broken() {
    let stream = format!("noise {HOUR}#x##00zz{DUST}##0100QN=lost{SPLIT}tail##01");
    let mut kept = Vec::new();
    let mut noise = 0;
    let mut bytes = Vec::new();
    for byte in stream.bytes() {
        bytes.push(byte);
        loop {
            match next_frame(&bytes, false) {
                Step::Frame { noise: before, frame, used } => {
                    noise += before;
                    kept.push(String::from_utf8(frame.segment.to_vec()).unwrap());
                    bytes.drain(..used);
                }
                Step::More { noise: before } => {
                    noise += before;
                    bytes.drain(..before);
                    break;
                }
            }
        }
    }
    assert_eq!(kept, [HOUR, DUST, SPLIT].map(segment));
    assert_eq!(noise, "noise #x##00zz##0100QN=losttail".len());
    assert_eq!(bytes, b"##01");
    assert_eq!(next_frame(&bytes, true), Step::More { noise: 4 });
}

#[test]
fn a_packet_that_never_ends_is_given_up() {
    let mut bytes = b"##0100".to_vec();
    bytes.resize(2 * MAX_FRAME, b'x');
    assert_eq!(next_frame(&bytes, false), Step::More { noise: bytes.len() });
}

#[test]
fn lengths_and_checksums_are_of_the_bytes_and_not_of_the_characters() {
    let text = "MN=丰润;CP=&&a=1&&";
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    for (bytes, length, crc, note) in
        [(text.as_bytes(), 20, 0xC481, None), (gbk.as_ref(), 18, 0xB8C1, Some(Note::Gb18030))]
    {
        assert_eq!((bytes.len(), hj_crc(bytes)), (length, crc));
        let packet = framed(bytes);
        let (decoded, found) = decode(only(&packet).segment);
        assert_eq!((decoded.as_ref(), found), (text, note));
        assert_eq!(Packet::read(&decoded).mn, Some("丰润"));
    }
    assert_eq!(decode(b"MN=\xff\xff").1, Some(Note::Undecodable));
}

#[test]
fn other_names_orders_and_times_are_read_and_noted() {
    let text = "MN=0102030405060708;PW=1;Flag=8;CN=2011;ST=27;x;CP=&&DataTime=20210305101500000;\
                FANSTATUS=1;o31104-Rtd=34;LA-Rtd=61.2;CONC=3.5,ele01-Rtd=NaN,lost,o31104-Rtd=35";
    let packet = Packet::read(text);
    assert_eq!(packet.data_time, Some(date(2021, 3, 5).at(10, 15, 0, 0)));
    assert_eq!(packet.edition(), Some(Edition::Hj212_2025), "a hint, five years too early");
    let values: Vec<_> =
        packet.factors.iter().map(|factor| (factor.code, factor.number())).collect();
    assert_eq!(
        values,
        [
            ("FANSTATUS", Some(1.0)),
            ("o31104", Some(34.0)),
            ("LA", Some(61.2)),
            ("CONC", Some(3.5)),
            ("ele01", None),
        ]
    );
    let text = |text: &str| text.to_owned();
    assert_eq!(
        packet.notes,
        [
            Note::OtherOrder,
            Note::NoValue(text("x")),
            Note::CpNotClosed,
            Note::TimeWithMilliseconds,
            Note::BareName(text("FANSTATUS")),
            Note::BareName(text("CONC")),
            Note::NoValue(text("lost")),
            Note::Twice(text("o31104-Rtd")),
            Note::NoQn,
            Note::OddMn,
            Note::Unflagged,
        ]
    );
    let odd = Packet::read("Flag=x");
    assert_eq!(odd.notes, [Note::FlagUnreadable(text("x")), Note::NoCp, Note::NoQn, Note::OddMn]);
    let late = Packet::read("QN=1;MN=1;Flag=8;RF=1;CP=&&DataTime=20260230000000&&");
    assert!(late.is_late && late.data_time.is_none());
    assert!(late.notes.contains(&Note::TimeUnreadable(text("20260230000000"))));
}

#[test]
fn every_note_speaks_both_languages() {
    let notes =
        [Note::CrcModbus, Note::NoValue("x".into()), Note::LengthWrong { stated: 1, found: 2 }];
    for note in notes {
        let words = note.localized();
        assert!(words.zh.chars().any(|c| c > '\u{4e00}') && words.en.is_ascii(), "{words:?}");
    }
}

/// A packet as HJ 212-2025 encrypts it: blocks of 16 bytes, the rest in the clear, the checksum and
/// the length those of the plain text.
fn encrypted(head: &str, area: &str, key: &Key) -> Vec<u8> {
    let plain = format!("{head}CP=&&{area}&&");
    let (blocks, rest) = area.as_bytes().as_chunks::<16>();
    let cipher: Vec<String> = blocks
        .iter()
        .flat_map(|block| key.encrypt(*block))
        .map(|byte| format!("0x{byte:02X}"))
        .collect();
    let mut packet =
        format!("##{:04}{head}CP=&&{{{}}}", plain.len(), cipher.join(",")).into_bytes();
    packet.extend_from_slice(rest);
    packet.extend_from_slice(format!("&&{:04X}\r\n", hj_crc(plain.as_bytes())).as_bytes());
    packet
}

#[test]
fn an_encrypted_packet_is_known_without_its_key_and_read_with_it() {
    let key = Key::new(*b"0123456789abcdef");
    let plain = segment(HOUR);
    let (head, area) = plain.split_once("CP=&&").unwrap();
    let packet = encrypted(head, area.trim_end_matches('&'), &key);
    let frame = only(&packet);
    assert!(frame.is_encrypted() && frame.notes.is_empty());
    assert_eq!(frame.stated_length, 284);
    let (read, crc) = decrypted(&frame, &key).unwrap();
    assert_eq!((read.as_slice(), crc), (plain.as_bytes(), Crc::Hj));
    let other = Key::new(*b"0123456789abcdee");
    assert_eq!(decrypted(&frame, &other).unwrap().1, Crc::Wrong);
    let torn = framed(b"MN=1;CP=&&{0x12,0x34}&&");
    assert_eq!(decrypted(&only(&torn), &key), None);
}

fn values() -> impl Strategy<Value = String> {
    "[0-9A-Za-z\u{4e00}-\u{4eff}.: -]{0,12}"
}

fn segments() -> impl Strategy<Value = String> {
    let head = prop::collection::vec(("[A-Za-z]{1,6}", values()), 0..7);
    let area =
        prop::collection::vec(("[a-z][0-9]{5}-(Rtd|Avg|Flag)|[A-Za-z]{1,9}", values()), 0..9);
    (head, area).prop_map(|(head, area)| {
        let pairs = |pairs: Vec<(String, String)>| -> Vec<String> {
            pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect()
        };
        format!("{};CP=&&{}&&", pairs(head).join(";"), pairs(area).join(";"))
    })
}

/// All packets of a stream that comes in pieces of some lengths.
fn all(stream: &[u8], pieces: &[usize]) -> Vec<(Vec<u8>, Crc)> {
    let mut found = Vec::new();
    let (mut bytes, mut rest) = (Vec::new(), stream);
    let mut pieces = pieces.iter().copied().cycle();
    loop {
        let piece = pieces.next().unwrap_or(stream.len()).clamp(1, rest.len().max(1));
        bytes.extend_from_slice(&rest[..piece.min(rest.len())]);
        rest = rest.get(piece..).unwrap_or_default();
        let is_end = rest.is_empty();
        loop {
            match next_frame(&bytes, is_end) {
                Step::Frame { frame, used, .. } => {
                    found.push((frame.segment.to_vec(), frame.crc));
                    assert!(used > 0);
                    bytes.drain(..used);
                }
                Step::More { noise } => {
                    bytes.drain(..noise);
                    break;
                }
            }
        }
        if is_end {
            return found;
        }
    }
}

proptest! {
    #[test]
    fn packets_come_out_of_a_stream_as_they_went_in_however_it_is_cut(
        segments in prop::collection::vec(segments(), 1..5),
        pieces in prop::collection::vec(1_usize..90, 1..6),
    ) {
        let stream: Vec<u8> = segments.iter().flat_map(|one| framed(one.as_bytes())).collect();
        let expected: Vec<_> =
            segments.iter().map(|one| (one.clone().into_bytes(), Crc::Hj)).collect();
        prop_assert_eq!(all(&stream, &pieces), expected);
    }

    #[test]
    fn no_bytes_whatever_upset_it(
        bytes in prop::collection::vec(
            prop_oneof![
                any::<u8>().prop_map(|byte| vec![byte]),
                prop::sample::select(vec!["##", "0010", "&&", "CP=&&", "{0x", "FFFF\r\n", ";", "="])
                    .prop_map(|text| text.as_bytes().to_vec()),
            ],
            0..80,
        ),
        pieces in prop::collection::vec(1_usize..30, 1..4),
    ) {
        let stream = bytes.concat();
        for (segment, _) in all(&stream, &pieces) {
            let (text, _) = decode(&segment);
            let packet = Packet::read(&text);
            let _ = (packet.span(), answer(&packet), without_password(&segment));
        }
    }

    /// One byte that changed is never taken for what was sent: the checksum finds it.
    #[test]
    fn a_changed_byte_is_noticed_and_the_next_packet_is_read(
        one in segments(),
        next in segments(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let (first, second) = (framed(one.as_bytes()), framed(next.as_bytes()));
        let mut changed = first.clone();
        // The segment alone: the length may be wrong anyway.
        let place = 6 + at.index(one.len());
        prop_assume!(changed[place] != byte && !b"#\r\n".contains(&byte));
        changed[place] = byte;
        let found = all(&[changed, second].concat(), &[37]);
        let hj: Vec<_> = found.iter().filter(|(_, crc)| *crc == Crc::Hj).collect();
        prop_assert_eq!(hj.len(), 1, "{:?}", found);
        prop_assert_eq!(hj[0].0.as_slice(), next.as_bytes());
    }

    #[test]
    fn a_segment_without_its_password_is_as_long_and_reads_alike(segment in segments()) {
        let segment = format!("PW=98765;{segment}");
        let kept = String::from_utf8(without_password(segment.as_bytes())).unwrap();
        prop_assert_eq!(kept.len(), segment.len());
        prop_assert!(!kept.starts_with("PW=98765"));
        prop_assert_eq!(Packet::read(&kept).factors, Packet::read(&segment).factors);
    }
}
