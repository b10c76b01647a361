//! Photos as phones make them: pixels to show, and what EXIF says of when and where.

use std::io::Cursor;

use crate::domain::Localized;
use exif::{In, Tag, Value};
use geo_types::Coord;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use jiff::civil::DateTime;

/// A photo made ready to be shown.
#[derive(Clone, Debug)]
pub struct PhotoPreview {
    /// Straight alpha, rows from the top, turned as EXIF says.
    pub rgba: Vec<u8>,
    /// Of `rgba`, in pixels.
    pub width: u32,
    pub height: u32,
    pub facts: Facts,
}

/// What the camera wrote down. Each may be missing: WeChat, for one, removes all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// By the camera's clock, which names no time zone.
    pub taken_at: Option<DateTime>,
    /// As written, degrees; EXIF means WGS-84, not every phone in China does.
    pub place: Option<Coord<f64>>,
}

/// Why a photo cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("No preview of this kind: save it to open it")]
    Unknown,
    #[error(
        "HEIC photos (of iPhones) have no preview; this one is kept as it came: save it to \
         open it. With Settings > Camera > Formats > Most Compatible the next ones are shown"
    )]
    Heic,
    #[error("Too large to be shown")]
    TooLarge,
    #[error("The picture is damaged")]
    Damaged,
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::Unknown => "不能预览此类文件，可另存后打开".to_owned(),
            Self::Heic => "HEIC 照片（苹果手机的格式）不能预览，已原样保存，可另存后打开。\
                           手机“设置→相机→格式”选“兼容性最佳”后拍的照片可以预览"
                .to_owned(),
            Self::TooLarge => "图片过大，不能预览".to_owned(),
            Self::Damaged => "图片已损坏，不能预览".to_owned(),
        }
    }
}

/// Pixels of a side beyond which a picture is not opened: more than any phone has, and less than
/// what a malicious header may claim.
const LONGEST_SIDE_PX: u32 = 20_000;
const MOST_BYTES: u64 = 1 << 30;

/// Decodes, turns upright and makes small enough that no side is longer than `longest_px`.
pub fn look(bytes: &[u8], longest_px: u32) -> Result<PhotoPreview, Error> {
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_broken| Error::Damaged)?;
    if reader.format().is_none() {
        return Err(if is_heic(bytes) { Error::Heic } else { Error::Unknown });
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE_PX);
    limits.max_image_height = Some(LONGEST_SIDE_PX);
    limits.max_alloc = Some(MOST_BYTES);
    let mut decoder = reader.into_decoder().map_err(|error| named(&error))?;
    decoder.set_limits(limits).map_err(|error| named(&error))?;
    let turn = decoder.orientation().map_err(|error| named(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| named(&error))?;
    if picture.width().max(picture.height()) > longest_px {
        picture = picture.thumbnail(longest_px, longest_px);
    }
    picture.apply_orientation(turn);
    let pixels = picture.into_rgba8();
    let (width, height) = pixels.dimensions();
    Ok(PhotoPreview { rgba: pixels.into_raw(), width, height, facts: facts(bytes) })
}

/// By the brand that the file begins with (ISO/IEC 23008-12, annex E).
fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 9] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|is| BRANDS.contains(&is))
}

fn named(error: &image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(_) => Error::TooLarge,
        image::ImageError::Unsupported(_) => Error::Unknown,
        _ => Error::Damaged,
    }
}

/// A picture from the clipboard as a PNG file; `None` where the pixels do not fill its sides.
pub fn png(rgba: Vec<u8>, width: u32, height: u32) -> Option<Vec<u8>> {
    let pixels = image::RgbaImage::from_raw(width, height, rgba)?;
    let mut file = Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Png).ok()?;
    Some(file.into_inner())
}

/// What EXIF says; nothing where there is none or where it cannot be read.
pub fn facts(bytes: &[u8]) -> Facts {
    let Ok(exif) = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return Facts::default();
    };
    let ascii = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().cloned(),
        _ => None,
    };
    let angle = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => degrees(parts),
        _ => None,
    };
    let signed = |angle_tag: Tag, side_tag: Tag, negative: u8| {
        let is_negative = ascii(side_tag).is_some_and(|side| side.first() == Some(&negative));
        angle(angle_tag).map(|angle| if is_negative { -angle } else { angle })
    };
    let lon = signed(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W');
    let lat = signed(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S');
    let place = lon.zip(lat).map(|(x, y)| Coord { x, y });
    Facts {
        taken_at: ascii(Tag::DateTimeOriginal)
            .or_else(|| ascii(Tag::DateTime))
            .and_then(|text| moment(&text)),
        // Phones without a fix write zeros.
        place: place.filter(|place| {
            (place.x != 0.0 || place.y != 0.0) && place.x.abs() <= 180.0 && place.y.abs() <= 90.0
        }),
    }
}

/// Degrees, minutes and seconds as EXIF 2.32 §4.6.6 writes them.
fn degrees(parts: &[exif::Rational]) -> Option<f64> {
    let part = |at: usize| parts.get(at).map_or(0.0, exif::Rational::to_f64);
    let angle = part(0) + part(1) / 60.0 + part(2) / 3600.0;
    (!parts.is_empty() && angle.is_finite()).then_some(angle)
}

/// `2026:11:23 09:14:05`.
fn moment(text: &[u8]) -> Option<DateTime> {
    let at = exif::DateTime::from_ascii(text).ok()?;
    let small = |part: u8| i8::try_from(part).ok();
    DateTime::new(
        i16::try_from(at.year).ok()?,
        small(at.month)?,
        small(at.day)?,
        small(at.hour)?,
        small(at.minute)?,
        small(at.second)?,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of 40 × 20 pixels with the given EXIF in front.
    fn jpeg(fields: &[exif::Field]) -> Vec<u8> {
        let mut plain = Cursor::new(Vec::new());
        let pixels = image::RgbImage::from_pixel(40, 20, image::Rgb([200, 40, 40]));
        pixels.write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
        let plain = plain.into_inner();
        if fields.is_empty() {
            return plain;
        }
        let mut writer = exif::experimental::Writer::new();
        for field in fields {
            writer.push_field(field);
        }
        let mut tiff = Cursor::new(Vec::new());
        writer.write(&mut tiff, false).unwrap();
        let tiff = tiff.into_inner();
        let length = u16::try_from(tiff.len() + 8).unwrap();
        let mut file = plain[..2].to_vec();
        file.extend([0xff, 0xe1]);
        file.extend(length.to_be_bytes());
        file.extend(b"Exif\0\0");
        file.extend(tiff);
        file.extend(&plain[2..]);
        file
    }

    fn field(tag: Tag, value: Value) -> exif::Field {
        exif::Field { tag, ifd_num: In::PRIMARY, value }
    }

    fn text(text: &str) -> Value {
        Value::Ascii(vec![text.as_bytes().to_vec()])
    }

    fn dms(parts: [(u32, u32); 3]) -> Value {
        Value::Rational(parts.iter().map(|&(num, denom)| (num, denom).into()).collect())
    }

    #[test]
    fn time_and_place_of_a_phone_are_read() {
        let photo = jpeg(&[
            field(Tag::DateTimeOriginal, text("2026:11:23 09:14:05")),
            field(Tag::GPSLatitudeRef, text("N")),
            field(Tag::GPSLatitude, dms([(39, 1), (49, 1), (5592, 100)])),
            field(Tag::GPSLongitudeRef, text("E")),
            field(Tag::GPSLongitude, dms([(118, 1), (9, 1), (2232, 100)])),
        ]);
        let facts = facts(&photo);
        assert_eq!(facts.taken_at, Some("2026-11-23T09:14:05".parse().unwrap()));
        let place = facts.place.unwrap();
        // 39°49′55.92″ N 118°9′22.32″ E
        assert!((place.x - 118.1562).abs() < 1e-9 && (place.y - 39.8322).abs() < 1e-9, "{place:?}");
    }

    #[test]
    fn a_photo_taken_upright_is_shown_upright_and_small() {
        let photo = jpeg(&[field(Tag::Orientation, Value::Short(vec![6]))]);
        let shown = look(&photo, 1000).unwrap();
        assert_eq!((shown.width, shown.height), (20, 40));
        let small = look(&photo, 10).unwrap();
        assert_eq!((small.width, small.height), (5, 10));
        assert_eq!(small.rgba.len(), 5 * 10 * 4);
    }

    #[test]
    fn zeros_for_a_place_and_dates_that_never_were_are_no_facts() {
        let zero = dms([(0, 1), (0, 1), (0, 1)]);
        let photo = jpeg(&[
            field(Tag::DateTimeOriginal, text("2026:13:41 09:14:05")),
            field(Tag::GPSLatitude, zero.clone()),
            field(Tag::GPSLongitude, zero),
        ]);
        assert_eq!(facts(&photo), Facts::default());
        let infinite = dms([(39, 0), (0, 1), (0, 1)]);
        let photo =
            jpeg(&[field(Tag::GPSLatitude, infinite.clone()), field(Tag::GPSLongitude, infinite)]);
        assert_eq!(facts(&photo), Facts::default());
    }

    #[test]
    fn what_is_no_picture_or_a_broken_one_is_said() {
        assert_eq!(look(b"PK\x03\x04 a spreadsheet", 100).unwrap_err(), Error::Unknown);
        assert_eq!(look(b"", 100).unwrap_err(), Error::Unknown);
        let photo = jpeg(&[]);
        for end in [3, 30, photo.len() / 2] {
            let cut = look(&photo[..end], 100);
            assert!(matches!(cut, Err(Error::Damaged)), "{end}: {cut:?}");
        }
    }

    #[test]
    fn a_photo_of_an_iphone_is_told_from_a_film_and_a_paper() {
        let of_brand = |brand: &[u8]| [b"\0\0\0\x18ftyp", brand, b"\0\0\0\0mif1heic"].concat();
        assert_eq!(look(&of_brand(b"heic"), 100).unwrap_err(), Error::Heic);
        assert_eq!(look(&of_brand(b"mif1"), 100).unwrap_err(), Error::Heic);
        assert_eq!(look(&of_brand(b"isom"), 100).unwrap_err(), Error::Unknown);
    }

    #[test]
    fn a_picture_from_the_clipboard_becomes_a_file() {
        let file = png(vec![255; 2 * 3 * 4], 2, 3).unwrap();
        let shown = look(&file, 100).unwrap();
        assert_eq!((shown.width, shown.height), (2, 3));
        assert!(png(vec![255; 5], 2, 3).is_none());
    }
}
