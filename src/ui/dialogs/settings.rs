use std::collections::BTreeMap;

use egui::{RichText, ScrollArea, Slider, TextEdit, Ui};

use super::super::action::Action;
use super::super::base;
use super::super::command::Command;
use super::super::ctx::Ctx;
use super::super::model::{Model, Toast};
use super::super::widgets::{named_text, note, strong};
use super::Dialog;
use crate::basemap::providers;
use crate::domain::{Lang, Said, Text};
use crate::settings::{BaseChoice, CustomProvider, Settings, Theme};

/// What this seat prefers. Every change counts at once.
pub struct SettingsPage {
    actor: String,
    scale: f32,
    /// Keys as they are typed, by provider.
    keys: BTreeMap<String, String>,
    /// Which provider was tested last, and what came of it.
    test: Option<(String, String)>,
    url: String,
    is_gcj02: bool,
}

impl SettingsPage {
    pub fn of(model: &Model) -> Self {
        Self {
            actor: model.settings.actor.clone(),
            scale: model.settings.scale,
            keys: BTreeMap::new(),
            test: None,
            url: String::new(),
            is_gcj02: false,
        }
    }

    fn person_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        row(ui, ctx.tell("姓名", "Your name"), |ui| {
            let edit = ui.add(
                TextEdit::singleline(&mut self.actor).hint_text(ctx.stamp().actor.to_string()),
            );
            let name = ctx.tell("姓名", "Your name");
            named_text(&edit, &name, &self.actor);
            if edit.lost_focus() && self.actor != ctx.settings.actor {
                let actor = self.actor.trim().to_owned();
                ctx.actions.prefer(move |settings| settings.actor = actor);
            }
            ui.label(note(ctx.tell("记入历史", "for the history")));
        });
        row(ui, ctx.tell("语言", "Language"), |ui| {
            for (lang, words) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
                if ui.selectable_label(ctx.lang() == lang, words).clicked() {
                    ctx.actions.prefer(move |settings| settings.lang = lang);
                }
            }
        });
        row(ui, ctx.tell("明暗", "Theme"), |ui| {
            let themes = [
                (Theme::Light, Text::new("明", "Light")),
                (Theme::Dark, Text::new("暗", "Dark")),
                (Theme::System, Text::new("随系统", "As the system")),
            ];
            for (theme, words) in themes {
                if ui.selectable_label(ctx.settings.theme == theme, ctx.say(words)).clicked() {
                    ctx.actions.prefer(move |settings| settings.theme = theme);
                }
            }
        });
        row(ui, ctx.tell("界面大小", "Size of everything"), |ui| {
            let slider = ui.add(
                Slider::new(&mut self.scale, 1.0..=2.0)
                    .step_by(0.1)
                    .custom_formatter(|n, _| format!("{:.0} %", n * 100.0)),
            );
            // Only when it is let go: else the slider would run away under the pointer.
            if slider.drag_stopped() || slider.lost_focus() {
                let scale = self.scale;
                ctx.actions.prefer(move |settings| settings.scale = scale);
            }
        });
        comfort_ui(ui, ctx);
    }
}

impl Dialog for SettingsPage {
    fn title(&self) -> Text {
        Command::Settings.about().words
    }

    fn size(&self) -> [f32; 2] {
        [620.0, 560.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.person_ui(ui, ctx);
            ui.separator();
            base_ui(ui, ctx);
            self.online_ui(ui, ctx);
        });
        true
    }

    fn take(&mut self, answer: Box<dyn std::any::Any + Send>, ctx: &Ctx<'_>) {
        if let Ok(answer) = answer.downcast::<(String, Said)>() {
            let (id, said) = *answer;
            self.test = Some((id, ctx.said(&said).to_owned()));
        }
    }
}

fn comfort_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    row(ui, ctx.tell("减少动画", "Less motion"), |ui| {
        let mut is_on = ctx.settings.reduced_motion;
        if ui.checkbox(&mut is_on, ctx.tell("视图切换不飞行", "views change at once")).changed()
        {
            ctx.actions.prefer(move |settings: &mut Settings| settings.reduced_motion = is_on);
        }
    });
    row(ui, ctx.tell("概览图", "Overview"), |ui| {
        let mut is_on = ctx.settings.panels.overview;
        if ui
            .checkbox(
                &mut is_on,
                ctx.tell("显示在地图右下角", "shown at the lower right of the map"),
            )
            .changed()
        {
            ctx.actions.prefer(move |settings: &mut Settings| settings.panels.overview = is_on);
        }
    });
}

fn row(ui: &mut Ui, label: String, add: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.add_sized([110.0, 28.0], egui::Label::new(note(label)).halign(egui::Align::LEFT));
        add(ui);
    });
}

fn base_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.label(strong(ctx.tell("底图", "Base map")));
    row(ui, ctx.tell("离线", "Offline"), |ui| {
        let is_none = ctx.settings.base == BaseChoice::None;
        if ui.selectable_label(is_none, ctx.say(base::NONE)).clicked() {
            ctx.actions.prefer(|settings| settings.base = BaseChoice::None);
        }
        if let BaseChoice::File { .. } = &ctx.settings.base {
            let name = super::super::canvas::base_name(ctx);
            ui.label(strong(name));
        }
        if ui.button(ctx.tell("选择文件…", "Choose a file…")).clicked() {
            let lang = ctx.lang();
            ctx.actions.send(Action::Work("open file", Box::new(move |_| choose_base(lang))));
        }
    });
    ui.label(note(ctx.tell(
        "支持 .mbtiles 与 .pmtiles（栅格或矢量），也可直接拖到窗口上。GCJ-02 底图上，本区数据会自动对准。",
        "MBTiles and PMTiles, raster or vector; dropping one on the window does the same. On a GCJ-02 base map our data are shifted to fit.",
    )));
    if let Some(problem) = &ctx.base_problem {
        ui.label(RichText::new(ctx.said(problem)).color(ctx.color(|t| t.watch)));
    }
}

impl SettingsPage {
    /// Web maps: nothing is asked of a server before its terms are agreed to.
    fn online_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.add_space(6.0);
        ui.label(strong(ctx.tell("在线底图", "Online base maps")));
        let custom = ctx.settings.custom_providers.iter().map(|custom| custom.name.clone());
        let known = providers::all().into_iter().map(|provider| provider.id);
        for id in known.chain(custom) {
            let Some(provider) = base::provider(&ctx.settings, &id) else { continue };
            let is_agreed = provider.terms_zh.is_empty() || ctx.settings.agreed.contains(&id);
            ui.horizontal(|ui| {
                let is_used = ctx.settings.base == BaseChoice::Online(id.clone());
                let name = base::name(&provider, ctx.lang());
                let choice = ui.add_enabled(is_agreed, egui::Button::selectable(is_used, name));
                if choice.clicked() {
                    let id = id.clone();
                    ctx.actions.prefer(move |settings| settings.base = BaseChoice::Online(id));
                }
                ui.label(note(provider.datum.name()));
                if !is_agreed {
                    let agree = ctx.tell("同意条款", "Agree to its terms");
                    if ui.small_button(agree).clicked() {
                        let id = id.clone();
                        ctx.actions.prefer(move |settings| settings.agreed.push(id));
                    }
                }
                if provider.needs_key {
                    self.key_ui(ui, ctx, &id);
                }
                if is_agreed && ui.small_button(ctx.tell("测试", "Test")).clicked() {
                    self.test = Some((id.clone(), ctx.tell("正在测试…", "testing…")));
                    let (opener, id) = (base::Opener::of(ctx), id.clone());
                    ctx.actions.send(Action::Work(
                        "test base map",
                        Box::new(move |_| {
                            let said = base::tested(&opener, &id);
                            Action::ForDialog(Box::new((id, said)))
                        }),
                    ));
                }
            });
            let terms =
                if ctx.lang() == Lang::Zh { &provider.terms_zh } else { &provider.terms_en };
            if !is_agreed {
                ui.label(note(terms.as_str()));
            }
            if let Some((of, told)) = &self.test
                && *of == id
            {
                ui.label(note(told.as_str()));
            }
        }
        self.custom_ui(ui, ctx);
        row(ui, ctx.tell("缓存", "Cache"), |ui| {
            let words = ctx.tell("清空已缓存的瓦片", "Clear the cached tiles");
            if ui.button(words).on_hover_text(format!("≤ {} MB", ctx.settings.cache_mib)).clicked()
            {
                let opener = base::Opener::of(ctx);
                ctx.actions.send(Action::Work("cache", Box::new(move |_| cleared(&opener))));
            }
        });
    }

    fn key_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, id: &str) {
        let known = ctx.settings.provider_keys.get(id).cloned().unwrap_or_default();
        let key = self.keys.entry(id.to_owned()).or_insert(known);
        let edit = ui.add(TextEdit::singleline(key).desired_width(150.0).password(true));
        named_text(&edit, &ctx.tell("密钥", "Key"), "");
        if edit.lost_focus() {
            let (id, key) = (id.to_owned(), key.clone());
            ctx.actions.prefer(move |settings| {
                settings.provider_keys.insert(id, key);
            });
        }
    }

    /// A base map of one's own, by its address.
    fn custom_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        row(ui, ctx.tell("自定义", "Your own"), |ui| {
            let hint = "https://…/{z}/{x}/{y}.png";
            let edit =
                ui.add(TextEdit::singleline(&mut self.url).hint_text(hint).desired_width(280.0));
            named_text(&edit, &ctx.tell("瓦片地址", "Address of the tiles"), &self.url);
            ui.checkbox(&mut self.is_gcj02, "GCJ-02");
            let is_whole = ["{x}", "{y}", "{z}"].iter().all(|part| self.url.contains(part))
                || self.url.contains("{TileMatrix}");
            let add = ui.add_enabled(is_whole, egui::Button::new(ctx.tell("添加", "Add")));
            if add.clicked() {
                let custom = CustomProvider {
                    name: format!(
                        "{} {}",
                        ctx.tell("自定义", "own"),
                        ctx.settings.custom_providers.len() + 1
                    ),
                    url: std::mem::take(&mut self.url),
                    datum: if self.is_gcj02 { "GCJ-02" } else { "WGS-84" }.to_owned(),
                    attribution: String::new(),
                };
                ctx.actions.prefer(move |settings| settings.custom_providers.push(custom));
            }
        });
    }
}

fn cleared(opener: &base::Opener) -> Action {
    let Some(cache) = opener.cache() else { return Action::Nothing };
    let size = cache.size() >> 20;
    Action::Say(match cache.clear() {
        Ok(()) => Toast::done(format!("已清空 {size} MB"), format!("{size} MB cleared")),
        Err(error) => Toast::watch(format!("未能清空：{error}"), format!("not cleared: {error}")),
    })
}

fn choose_base(lang: Lang) -> Action {
    let title = if lang == Lang::Zh { "选择底图" } else { "Choose a base map" };
    let dialog = rfd::FileDialog::new()
        .set_title(title)
        .add_filter("MBTiles, PMTiles", &["mbtiles", "pmtiles"]);
    dialog.pick_file().map_or(Action::Nothing, |path| {
        Action::Prefer(Box::new(move |settings: &mut Settings| {
            settings.base = BaseChoice::File { path, datum: None };
        }))
    })
}
