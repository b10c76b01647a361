//! The photos and papers of a record, small, with what the camera says held against the record.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Button, Image, Ui, vec2};
use geo_types::Coord;
use lucide_icons::Icon;
use rfd::FileDialog;

use crate::domain::{Kind, Record, RecordId, Text, episode};
use crate::exchange::photo::Facts;
use crate::geodesy::datum::{is_in_china, wgs84_from_gcj02};
use crate::geodesy::local::LocalFrame;
use crate::jobs::Derived;
use crate::settings::clock;
use crate::ui::action::{Action, DataAction, DialogAction, Looked, NewFile, StoreRequest};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::civil_words;
use crate::ui::widgets::{icon, named, note, strong};

/// Small pictures that were made already, by name.
#[derive(Default)]
pub struct Shelf {
    known: BTreeMap<String, Looked>,
    /// One is made at a time.
    making: Derived<String, Option<Looked>>,
}

const THUMB_PX: u32 = 192;
const SIDE: f32 = 76.0;
const MOST_THUMBS: usize = 400;
/// A photo taken further away than this from its record is pointed out, metres; one of a high value, from
/// its station: sources lie as far.
const FAR_M: f64 = 200.0;
const FAR_FROM_STATION_M: f64 = 5000.0;

impl Shelf {
    /// For another district.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Shows the photos and papers of a record.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) {
        let count = record.attachments().count();
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            let title = ctx.say(Text::new("附件", "Attachments"));
            let title = if count == 0 { title.to_owned() } else { format!("{title} {count}") };
            ui.label(strong(title));
            let words = ctx.say(Text::new("添加照片或文件…", "Add photos or files…"));
            let add = ui.add(Button::new((icon(Icon::ImagePlus), words)).small());
            named(&add, words);
            if add.clicked() {
                ask_files(ctx, record.id);
            }
        });
        if count == 0 {
            ui.label(note(ctx.tell(
                "也可把照片拖到窗口上，或在微信里复制后按 Ctrl+V",
                "Or drop photos on the window, or paste one with Ctrl+V",
            )));
            return;
        }
        self.making.poll();
        if let Some((name, looked)) = self.making.of().cloned().zip(self.making.get_mut().take()) {
            if self.known.len() >= MOST_THUMBS {
                self.known.clear();
            }
            self.known.insert(name, looked);
            self.making.forget();
        }
        for name in record.attachments() {
            self.one_ui(ui, ctx, record, name);
        }
    }

    fn one_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>, name: &str) {
        ui.horizontal_top(|ui| {
            let thumb = self.known.get(name);
            let face = match thumb {
                Some(Ok((texture, _))) => {
                    Button::image(Image::from_texture(texture).fit_to_exact_size(vec2(SIDE, SIDE)))
                }
                Some(Err(_)) => Button::new(icon(Icon::FileText).size(30.0)),
                None => Button::new(icon(Icon::Image).size(30.0)),
            };
            let open = ui.add(face.min_size(vec2(SIDE + 8.0, SIDE + 8.0)));
            named(&open, &format!("{} {name}", ctx.say(Text::new("打开", "Open"))));
            if open.clicked() {
                ctx.actions.dialog(DialogAction::Attachment(record.id, name.to_owned()));
            }
            ui.vertical(|ui| {
                ui.add(egui::Label::new(name).truncate());
                match thumb {
                    Some(Ok((_, facts))) => facts_ui(ui, ctx, record, facts),
                    Some(Err((said, facts))) => {
                        ui.label(note(said.say(ctx.lang())));
                        if *facts != Facts::default() {
                            facts_ui(ui, ctx, record, facts);
                        }
                    }
                    None => {
                        ui.spinner();
                    }
                }
            });
        });
        let is_making = self.making.question().is_some();
        if !self.known.contains_key(name) && !is_making {
            let reply = self.making.ask_anew(name.to_owned());
            let (job, longest_px) = ("thumb", THUMB_PX);
            ctx.actions.keep(StoreRequest::Look { job, longest_px, reply });
        }
    }
}

/// When and where the camera says it was, and what does not fit the record.
pub fn facts_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, facts: &Facts) {
    for (is_wrong, words) in [time_words(ctx, record, facts), place_words(ctx, record, facts)] {
        let color =
            if is_wrong { ctx.color(|theme| theme.watch) } else { ui.visuals().weak_text_color() };
        ui.label(egui::RichText::new(words).small().color(color));
    }
}

fn time_words(ctx: &Ctx<'_>, record: &Record, facts: &Facts) -> (bool, String) {
    let Some(at) = facts.taken_at else {
        let words = ctx.tell(
            "照片未记录拍摄时间（微信会去掉，请发原图）",
            "no time in the photo (WeChat removes it: send the original)",
        );
        return (false, words);
    };
    let words = civil_words(at);
    // A day ahead may be a time zone; more is a wrong clock.
    if at.date() > clock::today().tomorrow().unwrap_or(at.date()) {
        let words = ctx.tell(
            format!("拍摄时间 {words} 在未来，请核对相机时钟"),
            format!("taken {words}, in the future: check the camera's clock"),
        );
        return (true, words);
    }
    if let Some(alerted) = episode::moment(record, "alerted_at")
        && let Ok(taken) = clock::office().to_timestamp(at)
        && taken < alerted
    {
        let minutes = alerted.duration_since(taken).as_secs() / 60;
        let words = ctx.tell(
            format!("拍摄于 {words}，早于预警 {minutes} 分钟，请核对"),
            format!("taken {words}, {minutes} min before the alert: check"),
        );
        return (true, words);
    }
    (false, ctx.tell(format!("拍摄于 {words}"), format!("taken {words}")))
}

fn place_words(ctx: &Ctx<'_>, record: &Record, facts: &Facts) -> (bool, String) {
    let Some(place) = facts.place else {
        return (false, ctx.tell("照片未记录位置", "no place in the photo"));
    };
    let station = record.text("station").parse().ok().and_then(|id| ctx.record(id));
    let station = station.filter(|_| record.kind == Kind::Episode);
    let (record, far_m, from) = match station {
        Some(station) => (&**station, FAR_FROM_STATION_M, Text::new("距站点", "from the station")),
        None => (record, FAR_M, Text::new("距本记录", "from here")),
    };
    let from = ctx.say(from);
    if record.geometry.is_none() {
        let words = ctx
            .tell("照片有位置，本记录尚未定位", "the photo has a place, the record has none yet");
        return (false, words);
    }
    match far(record, place, far_m) {
        Far::Near(m) => {
            let m = metres(m);
            (false, ctx.tell(format!("拍摄点{from} {m}"), format!("taken {m} {from}")))
        }
        Far::Shifted(m, on_gcj02_m) => {
            let (m, on_gcj02) = (metres(m), metres(on_gcj02_m));
            let words = ctx.tell(
                format!("拍摄点{from} {m}；照片坐标像是 GCJ-02，换算后为 {on_gcj02}"),
                format!("taken {m} {from}; read as GCJ-02 it is {on_gcj02}"),
            );
            (true, words)
        }
        Far::Away(m) => {
            let m = metres(m);
            let words =
                ctx.tell(format!("拍摄点{from} {m}，请核对"), format!("taken {m} {from}: check"));
            (true, words)
        }
    }
}

enum Far {
    Near(f64),
    /// Far as written, near when the place is taken for one on the shifted datum of Chinese maps.
    Shifted(f64, f64),
    Away(f64),
}

fn far(record: &Record, place: Coord<f64>, far_m: f64) -> Far {
    let from = |place: Coord<f64>| {
        let geometry = record.geometry.as_ref();
        geometry.and_then(|geometry| LocalFrame::at(place).nearest_m(geometry)).unwrap_or(0.0)
    };
    let as_written = from(place);
    if as_written <= far_m {
        return Far::Near(as_written);
    }
    let shifted = if is_in_china(place) { from(wgs84_from_gcj02(place)) } else { as_written };
    if shifted <= far_m { Far::Shifted(as_written, shifted) } else { Far::Away(as_written) }
}

fn metres(m: f64) -> String {
    if m < 1000.0 { format!("{m:.0} m") } else { format!("{:.1} km", m / 1000.0) }
}

fn ask_files(ctx: &Ctx<'_>, id: RecordId) {
    let title = ctx.tell("添加附件", "Add attachments");
    let actions = ctx.actions.clone();
    ctx.actions.work("open file", move |_| {
        let dialog = FileDialog::new().set_title(title);
        let Some(paths) = actions.picked(dialog, FileDialog::pick_files) else {
            return Action::Nothing;
        };
        let files = paths.into_iter().map(NewFile::Path).collect();
        Action::Data(DataAction::Attach(id, files))
    });
}
