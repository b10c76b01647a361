//! The part of the settings for base maps from the web: whose terms, which key, which labels, a
//! person's own, and what the cache holds.

use std::collections::BTreeMap;

use egui::{Button, ComboBox, TextEdit, Ui};

use super::settings::row;
use crate::basemap::Datum;
use crate::basemap::providers::Provider;
use crate::domain::{LocalizedText, Text};
use crate::jobs::{Derived, Reply};
use crate::settings::{BaseChoice, CustomProvider, Preference, Settings};
use crate::ui::action::Action;
use crate::ui::base::{self, Opener};
use crate::ui::ctx::Ctx;
use crate::ui::model::{Toast, Tone};
use crate::ui::widgets::{named, named_combo, named_text, note, strong};

/// The part of the settings about base maps from the web.
#[derive(Default)]
pub struct BaseMaps {
    /// Keys as they are typed, by provider.
    keys: BTreeMap<String, String>,
    /// What came of the last test, by provider.
    test: Derived<String, Option<LocalizedText>>,
    /// What is being described.
    own: CustomProvider,
    cache: Derived<(), Option<CacheSize>>,
}

/// Bytes; `None` where it cannot be said.
#[derive(Clone, Copy)]
struct CacheSize(Option<u64>);

impl BaseMaps {
    /// Nothing is asked of a server before its terms are agreed to.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        self.test.poll();
        self.cache.poll();
        ui.add_space(6.0);
        ui.label(strong(ctx.tell("在线底图", "Online base maps")));
        for provider in base::bases(&ctx.settings) {
            self.provider_ui(ui, ctx, &provider);
        }
        labels_ui(ui, ctx);
        self.own_ui(ui, ctx);
        self.cache_ui(ui, ctx);
    }

    fn provider_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, provider: &Provider) {
        let id = &provider.id;
        let is_agreed = provider.terms.zh.is_empty() || ctx.settings.agreed.contains(id);
        ui.horizontal(|ui| {
            let is_used = ctx.settings.base == BaseChoice::Online(id.clone());
            let name = provider.name.say(ctx.lang());
            let choice = ui.add_enabled(is_agreed, Button::selectable(is_used, name));
            if choice.clicked() {
                ctx.actions.prefer(Preference::Base(BaseChoice::Online(id.clone())));
            }
            ui.label(note(provider.datum.name()));
            if !is_agreed && ui.small_button(ctx.tell("同意条款", "Agree to its terms")).clicked()
            {
                ctx.actions.prefer(Preference::Agree(id.clone()));
            }
            if provider.needs_key {
                self.key_ui(ui, ctx, id);
            }
            if is_agreed && ui.small_button(ctx.tell("测试", "Test")).clicked() {
                self.test(ctx, id);
            }
            if ctx.settings.custom_providers.iter().any(|custom| custom.name == *id) {
                let remove = ui.small_button(ctx.tell("移除", "Remove"));
                named(&remove, &ctx.tell(format!("移除 {name}"), format!("Remove {name}")));
                if remove.clicked() {
                    ctx.actions.prefer(Preference::RemoveProvider(id.clone()));
                }
            }
        });
        if !is_agreed {
            ui.label(note(provider.terms.say(ctx.lang())));
        }
        if self.test.question() == Some(id) {
            let testing = ctx.say(Text::new("正在测试…", "testing…"));
            ui.label(note(self.test.as_ref().map_or(testing, |told| told.say(ctx.lang()))));
        }
    }

    fn test(&mut self, ctx: &Ctx<'_>, id: &str) {
        self.test.forget();
        let (opener, reply) = (Opener::of(ctx), self.test.ask_anew(id.to_owned()));
        ctx.actions.work("test base map", move |_| {
            reply.send(Some(base::tested(&opener, &reply.key)));
            Action::Nothing
        });
    }

    fn key_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, id: &str) {
        let known = ctx.settings.provider_keys.get(id).cloned().unwrap_or_default();
        let key = self.keys.entry(id.to_owned()).or_insert(known);
        let edit = ui.add(TextEdit::singleline(key).desired_width(150.0).password(true));
        named_text(&edit, &ctx.tell("密钥", "Key"), "");
        if edit.lost_focus() {
            let (provider, key) = (id.to_owned(), key.clone());
            ctx.actions.prefer(Preference::ProviderKey { provider, key });
        }
    }

    /// A base map of one's own, by its address.
    fn own_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.add_space(6.0);
        ui.label(strong(ctx.tell("自定义底图", "A base map of your own")));
        let own = &mut self.own;
        let fields = [
            (
                ctx.tell("名称", "Name"),
                &mut own.name,
                ctx.tell("如 区影像 2026", "e.g. imagery 2026"),
            ),
            (
                ctx.tell("瓦片地址", "Address of the tiles"),
                &mut own.url,
                "https://…/{z}/{x}/{y}.png".to_owned(),
            ),
            (
                ctx.tell("来源说明", "Attribution"),
                &mut own.attribution,
                ctx.tell("显示在地图上，可空", "shown on the map; may be empty"),
            ),
        ];
        for (label, text, hint) in fields {
            row(ui, label.clone(), |ui| {
                let edit = TextEdit::singleline(text).hint_text(hint).desired_width(380.0);
                named_text(&ui.add(edit), &label, text);
            });
        }
        row(ui, ctx.tell("坐标基准", "Datum"), |ui| {
            for datum in [Datum::Wgs84, Datum::Gcj02] {
                let is_it = stated(own) == datum;
                if ui.selectable_label(is_it, datum.name()).clicked() {
                    datum.name().clone_into(&mut own.datum);
                }
            }
            let fault = fault(own, &ctx.settings);
            let add = Button::new(ctx.tell("添加", "Add"));
            if ui.add_enabled(fault.is_none(), add).clicked() {
                let mut own = std::mem::take(own);
                stated(&own).name().clone_into(&mut own.datum);
                own = CustomProvider { name: own.name.trim().to_owned(), ..own };
                ctx.actions.prefer(Preference::AddProvider(own));
            } else if let Some(said) = fault.filter(|_| !own.url.is_empty()) {
                ui.label(note(said.say(ctx.lang())));
            }
        });
    }

    fn cache_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if let Some(reply) = self.cache.ask(()) {
            let opener = Opener::of(ctx);
            ctx.actions.work("cache size", move |_| {
                reply.send(Some(CacheSize(opener.cache_size())));
                Action::Nothing
            });
        }
        ui.add_space(6.0);
        row(ui, ctx.tell("瓦片缓存", "Tile cache"), |ui| {
            if ui.button(ctx.tell("清空已缓存的瓦片", "Clear the cached tiles")).clicked() {
                let (opener, reply) = (Opener::of(ctx), self.cache.ask_anew(()));
                ctx.actions.work("cache", move |_| cleared(&opener, &reply));
            }
            let most_mb = ctx.settings.cache_mib;
            let words = match *self.cache {
                None => ctx.tell("正在计算…", "counting…"),
                Some(CacheSize(None)) => ctx.tell("缓存暂不可用", "the cache cannot be used now"),
                Some(CacheSize(Some(bytes))) => {
                    // Something is never shown as nothing.
                    let mb = bytes.div_ceil(1 << 20);
                    ctx.tell(
                        format!("已用 {mb} MB，上限 {most_mb} MB"),
                        format!("{mb} MB of at most {most_mb} MB"),
                    )
                }
            };
            ui.label(note(words));
        });
    }
}

/// Which labels lie on the base map of choice.
fn labels_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let BaseChoice::Online(id) = &ctx.settings.base else { return };
    let Some(below) = base::provider(&ctx.settings, id) else { return };
    let none = ctx.tell("无", "none");
    let shown =
        below.overlay.as_ref().map_or_else(|| none.clone(), |over| base::provider_name(ctx, over));
    let title = ctx.tell("注记图层", "Labels on top");
    row(ui, title.clone(), |ui| {
        let combo = ComboBox::from_id_salt("labels").selected_text(&shown).show_ui(ui, |ui| {
            if ui.selectable_label(below.overlay.is_none(), &none).clicked() {
                choose_labels(ctx, id, "");
            }
            for over in base::overlays(&ctx.settings, id) {
                let is_it = below.overlay.as_ref() == Some(&over.id);
                let words = format!("{}  {}", over.name.say(ctx.lang()), over.datum.name());
                if ui.selectable_label(is_it, words).clicked() {
                    match base::refusal(&below, &over) {
                        Some(said) => ctx.actions.send(Action::Say(Toast::new(Tone::Watch, said))),
                        None => choose_labels(ctx, id, &over.id),
                    }
                }
            }
        });
        named_combo(&combo.response, &title, &shown);
    });
}

fn choose_labels(ctx: &Ctx<'_>, base: &str, over: &str) {
    let (base, over) = (base.to_owned(), over.to_owned());
    ctx.actions.prefer(Preference::Labels { base, over });
}

/// The datum that a person has stated for a base map of their own.
fn stated(own: &CustomProvider) -> Datum {
    Datum::named(&own.datum).unwrap_or(Datum::Wgs84)
}

/// Why a base map cannot be added as it is described.
fn fault(own: &CustomProvider, settings: &Settings) -> Option<LocalizedText> {
    let (name, url) = (own.name.trim(), own.url.trim());
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let has = |parts: [&str; 3]| parts.iter().all(|part| url.contains(part));
    let is_whole = has(["{z}", "{x}", "{y}"])
        || has(["{z}", "{x}", "{-y}"])
        || has(["{TileMatrix}", "{TileCol}", "{TileRow}"]);
    if !is_web || !is_whole {
        return Some(LocalizedText::new(
            "地址须以 http 开头，并含 {z}、{x}、{y}",
            "the address must begin with http and hold {z}, {x} and {y}",
        ));
    }
    if name.is_empty() {
        return Some(LocalizedText::new("请填写名称", "give it a name"));
    }
    let is_taken = base::provider(settings, name).is_some();
    is_taken.then(|| {
        LocalizedText::new("已有同名底图，请换一个名称", "that name is taken: choose another")
    })
}

fn cleared(opener: &Opener, reply: &Reply<(), Option<CacheSize>>) -> Action {
    let Some(cache) = opener.cache() else {
        reply.send(Some(CacheSize(opener.cache_size())));
        return Action::Say(Toast::watch(
            "未能清空：缓存文件正被占用或不可写",
            "not cleared: the cache is in use or cannot be written",
        ));
    };
    let mb = cache.size().div_ceil(1 << 20);
    let cleared = cache.clear();
    reply.send(Some(CacheSize(Some(cache.size()))));
    Action::Say(match cleared {
        Ok(()) => Toast::done(format!("已清空 {mb} MB"), format!("{mb} MB cleared")),
        Err(error) => Toast::watch(
            "未能清空：缓存文件正被使用，或磁盘不可写",
            format!("not cleared: {error}"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str, url: &str) -> CustomProvider {
        CustomProvider { name: name.to_owned(), url: url.to_owned(), ..CustomProvider::default() }
    }

    #[test]
    fn a_base_map_of_ones_own_needs_a_whole_address_and_a_name_that_is_free() {
        let url = "https://tiles.example/{z}/{x}/{y}.png";
        let settings =
            Settings { custom_providers: vec![own("影像", url)], ..Settings::default() };
        let is_good = |name: &str, url: &str| fault(&own(name, url), &settings).is_none();
        assert!(is_good("区影像", url));
        assert!(is_good("区影像", "http://10.0.0.5/{z}/{x}/{-y}.png"));
        assert!(is_good("wmts", "https://t/?m={TileMatrix}&r={TileRow}&c={TileCol}"));
        for (name, url) in [
            (" ", url),
            ("影像", url),
            ("osm", url),
            ("x", "tiles.example/{z}/{x}/{y}"),
            ("x", "https://tiles.example/{z}/{x}"),
        ] {
            assert!(!is_good(name, url), "{name} {url}");
        }
    }
}
