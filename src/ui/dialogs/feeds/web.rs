//! Web services: a JSON list with its mapping, Open-Meteo, METAR.

use egui::{Checkbox, ComboBox, DragValue, TextEdit, Ui};

use super::{FeedsPage, field, new_web, seen_ui};
use crate::domain::Text;
use crate::intake::feed::{Source, test_web};
use crate::intake::web::{LEAST_INTERVAL_MIN, Reach};
use crate::settings::feeds::{WebFeed, WebForm};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, named_combo, named_text, note, strong};

const FORMS: [(WebForm, Text); 3] = [
    (WebForm::Json, Text::new("JSON 列表", "a list in JSON")),
    (WebForm::OpenMeteo, Text::new("Open-Meteo（模式值）", "Open-Meteo (modelled)")),
    (WebForm::Metar, Text::new("METAR 报文", "METAR reports")),
];

impl FeedsPage {
    pub(super) fn webs_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal(|ui| {
            ui.label(strong(ctx.tell("网络数据源", "Web services")));
            if ui.button(ctx.tell("添加 JSON 数据源", "Add a JSON source")).clicked() {
                self.feeds.web.push(new_web(ctx.tell("数据源", "source")));
            }
            if ui.button("Open-Meteo").clicked() {
                self.feeds.web.push(open_meteo(ctx));
            }
            if ui.button("METAR").clicked() {
                self.feeds.web.push(metar());
            }
        });
        ui.label(note(ctx.tell(
            "请先确认该服务允许这样使用；间隔不少于 5 分钟，出错后逐次加倍等待",
            "Make sure that the service allows it; 5 minutes apart at least, and ever longer after errors",
        )));
        let mut removed = None;
        for at in 0..self.feeds.web.len() {
            ui.push_id(("web feed", at), |ui| {
                ui.add_space(6.0);
                if self.web_ui(ui, ctx, at) {
                    removed = Some(at);
                }
            });
        }
        if let Some(at) = removed {
            self.feeds.web.remove(at);
        }
    }

    /// True when it is to be removed.
    fn web_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, at: usize) -> bool {
        let mut is_removed = false;
        let Some(feed) = self.feeds.web.get_mut(at) else { return false };
        ui.horizontal(|ui| {
            let words = if feed.name.is_empty() { "—" } else { feed.name.as_str() };
            ui.add(Checkbox::new(&mut feed.is_on, strong(words)));
            form_ui(ui, ctx, feed);
            let button = ui.button(ctx.tell("删除", "Remove"));
            named(
                &button,
                &ctx.tell(format!("删除 {}", feed.name), format!("remove {}", feed.name)),
            );
            is_removed = button.clicked();
        });
        field(ui, &ctx.tell("名称", "Name"), &mut feed.name, 260.0);
        field(ui, &ctx.tell("地址", "Address"), &mut feed.url, 560.0);
        if feed.form == WebForm::Json {
            mapping_ui(ui, ctx, feed);
        }
        ui.horizontal(|ui| {
            ui.label(note(ctx.tell("每", "Every")));
            let range = LEAST_INTERVAL_MIN..=1440;
            let every = ui.add(DragValue::new(&mut feed.interval_min).range(range));
            named(&every, &ctx.tell("间隔，分钟", "Interval, minutes"));
            ui.label(note(ctx.tell("分钟", "minutes")));
        });
        let source = Source::Web(at);
        let feed = feed.clone();
        if ui.button(ctx.tell("测试", "Test")).clicked() {
            let (world, stamp) = (ctx.world(), ctx.stamp());
            let reach = Reach { proxy: ctx.feeds_wish().proxy, timeout: None };
            let reply = self.tested.ask_anew(());
            self.is_testing = Some(source);
            ctx.actions.work("test feed", move |_| {
                reply.send(Some((source, test_web(&feed, &world, &reach, &stamp))));
                Action::Nothing
            });
        }
        self.tested_ui(ui, ctx, source);
        seen_ui(ui, ctx, source);
        is_removed
    }
}

fn form_ui(ui: &mut Ui, ctx: &Ctx<'_>, feed: &mut WebFeed) {
    let shown = FORMS.iter().find(|(form, _)| *form == feed.form).map_or("", |it| ctx.say(it.1));
    let combo =
        ComboBox::from_id_salt("form").selected_text(shown).width(170.0).show_ui(ui, |ui| {
            for (form, words) in FORMS {
                ui.selectable_value(&mut feed.form, form, ctx.say(words));
            }
        });
    named_combo(&combo.response, &ctx.tell("内容", "What it answers"), shown);
}

fn mapping_ui(ui: &mut Ui, ctx: &Ctx<'_>, feed: &mut WebFeed) {
    field(ui, &ctx.tell("密钥", "Key"), &mut feed.key, 260.0);
    field(ui, &ctx.tell("请求头", "Header"), &mut feed.header, 420.0);
    ui.label(note(ctx.tell(
        "地址和请求头中的 {key} 换成密钥，如 X-API-Key: {key}",
        "{key} in address and header stands for the key, as in X-API-Key: {key}",
    )));
    field(ui, &ctx.tell("列表位置", "Path to the list"), &mut feed.list, 260.0);
    field(ui, &ctx.tell("站点", "Station"), &mut feed.station, 260.0);
    let label = ctx.tell("字段含义", "Fields");
    let mut text = String::new();
    for (field, target) in &feed.columns {
        text.extend([field.as_str(), " = ", target, "\n"]);
    }
    ui.horizontal(|ui| {
        ui.label(note(&label));
        let edit = ui.add(TextEdit::multiline(&mut text).desired_rows(3).desired_width(420.0));
        named_text(&edit, &label, &text);
        if edit.changed() {
            feed.columns = pairs(&text);
        }
    });
    ui.label(note(ctx.tell(
        "每行“字段 = 含义”：station、name、time、pm2_5、pm10、so2、no2、co、o3、wind_speed…；单位写在 @ 后，如 v.fine = pm2_5@mg/m3。不写则按字段名识别",
        "One a line, `field = what it is`: station, name, time, pm2_5, pm10, so2, no2, co, o3, wind_speed…; a unit behind @, as v.fine = pm2_5@mg/m3. Others are known by their names",
    )));
    ui.horizontal(|ui| {
        ui.checkbox(&mut feed.is_utc, ctx.tell("时间为世界时", "Its times are UTC"));
        ui.checkbox(&mut feed.zero_is_missing, ctx.tell("0 表示缺测", "0 means no value"));
    });
}

/// A line that is still being typed is kept as a field without a meaning.
fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |line: &str| {
        let (field, target) = line.split_once('=').unwrap_or((line, ""));
        (field.trim().to_owned(), target.trim().to_owned())
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect()
}

/// For the middle of the map.
fn open_meteo(ctx: &Ctx<'_>) -> WebFeed {
    let at = ctx.camera.view.center;
    let url = format!(
        "https://api.open-meteo.com/v1/forecast?latitude={:.3}&longitude={:.3}&hourly=temperature_2m,relative_humidity_2m,surface_pressure,precipitation,wind_speed_10m,wind_direction_10m&wind_speed_unit=ms&timezone=Asia%2FShanghai&past_days=1&forecast_days=1",
        at.y, at.x
    );
    let name = "Open-Meteo".to_owned();
    WebFeed { name, form: WebForm::OpenMeteo, url, ..WebFeed::default() }
}

/// Of 唐山三女河, the airport nearest to the district this program was made for.
fn metar() -> WebFeed {
    let url = "https://aviationweather.gov/api/data/metar?ids=ZBSN&format=raw&hours=3".to_owned();
    let name = "METAR".to_owned();
    WebFeed { name, form: WebForm::Metar, url, ..WebFeed::default() }
}
