//! Looks after the files that hold credentials.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, sleep};
use waybill_context::Context;
use waybill_runtime::settings::SecretFiles;

use super::renewed::Renewed;
use crate::credential_id;

/// As often as the keyring's file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// An alarm that lasts is repeated so often.
const REPEAT_ALARM: Duration = Duration::from_secs(60);

/// Makes something from secrets, given with their settings, and makes it anew whenever one of them stands in a file of its
/// own that gets another content. A file that cannot be used is an alarm, and changes nothing.
///
/// None when `make` can make nothing of the first ones.
pub fn renewed<T: Send + Sync + 'static, const N: usize>(
    ctx: &Context,
    vendor: &'static str,
    secrets: [(&'static str, SecretString); N],
    make: impl Fn(&[SecretString; N]) -> Option<T> + Send + 'static,
) -> Option<Renewed<T>> {
    let settings = secrets.each_ref().map(|(setting, _)| *setting);
    let texts = secrets.map(|(_, text)| text);
    let renewed = Renewed::new(make(&texts)?);
    let files = ctx.settings.secret_files.clone();
    if settings.iter().any(|setting| files.of(setting).is_some()) {
        let follower =
            Follower { vendor, settings, files, texts, make, renewed: renewed.clone(), alarm: None };
        let shutdown = ctx.shutdown.clone();
        ctx.tasks.spawn(format!("{vendor} key"), async move {
            tokio::select! {
                () = follower.follow() => {}
                () = shutdown.requested() => {}
            }
        });
    }
    Some(renewed)
}

struct Follower<T, M, const N: usize> {
    vendor: &'static str,
    settings: [&'static str; N],
    files: SecretFiles,
    /// Those in use.
    texts: [SecretString; N],
    make: M,
    renewed: Renewed<T>,
    alarm: Option<(String, Instant)>,
}

impl<T, M: Fn(&[SecretString; N]) -> Option<T>, const N: usize> Follower<T, M, N> {
    async fn follow(mut self) {
        loop {
            sleep(LOOK_EVERY).await;
            let looked = self.look();
            self.tell(looked.err());
        }
    }

    fn look(&mut self) -> Result<(), String> {
        let texts = self.read()?;
        let same =
            |(one, other): (&SecretString, &SecretString)| one.expose_secret() == other.expose_secret();
        if texts.iter().zip(&self.texts).all(same) {
            return Ok(());
        }
        let made = (self.make)(&texts);
        let made =
            made.ok_or_else(|| format!("{} cannot be sent as they are", self.settings.join(" and ")))?;
        self.renewed.put(made);
        let key_id = texts.first().map(|key| credential_id(key.expose_secret().trim()));
        tracing::info!(vendor = self.vendor, key_id, "a new key is used");
        self.texts = texts;
        Ok(())
    }

    fn read(&self) -> Result<[SecretString; N], String> {
        let mut texts = self.texts.clone();
        for (setting, text) in self.settings.iter().zip(&mut texts) {
            if let Some(read) = self.files.read(setting) {
                *text = read.map_err(|problem| format!("{setting}: {problem}"))?;
            }
        }
        Ok(texts)
    }

    /// Alarms when something is wrong, at first and then once a minute.
    fn tell(&mut self, wrong: Option<String>) {
        let Some(wrong) = wrong else {
            if self.alarm.take().is_some() {
                tracing::info!(vendor = self.vendor, "the file of the key is in order again");
            }
            return;
        };
        let told =
            self.alarm.as_ref().is_some_and(|(told, at)| *told == wrong && at.elapsed() < REPEAT_ALARM);
        if !told {
            tracing::error!(
                alarm = "screening",
                vendor = self.vendor,
                why = wrong,
                "the key that is known goes on being used"
            );
            self.alarm = Some((wrong, Instant::now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::TestFolder;

    use super::*;

    const SETTING: &str = "chainalysis.kyt_api_key";

    /// A key that starts with a letter.
    fn follower(
        folder: &TestFolder,
    ) -> Follower<String, impl Fn(&[SecretString; 1]) -> Option<String> + use<>, 1> {
        let make = |[key]: &[SecretString; 1]| {
            let key = key.expose_secret();
            key.starts_with(char::is_alphabetic).then(|| key.to_owned())
        };
        Follower {
            vendor: "vendor",
            settings: [SETTING],
            files: [(SETTING.to_owned(), folder.join("key"))].into_iter().collect(),
            texts: ["first".into()],
            make,
            renewed: Renewed::new("first".to_owned()),
            alarm: None,
        }
    }

    #[test]
    fn another_content_is_another_key() {
        let folder = TestFolder::new();
        let mut follower = follower(&folder);
        let before = follower.renewed.get();
        std::fs::write(folder.join("key"), "first\n").unwrap();
        follower.look().unwrap();
        assert!(std::sync::Arc::ptr_eq(&before, &follower.renewed.get()), "nothing is made anew for nothing");
        std::fs::write(folder.join("key"), "second\n").unwrap();
        follower.look().unwrap();
        assert_eq!((&**before, &**follower.renewed.get()), ("first", "second"));
    }

    #[test]
    fn what_is_no_key_leaves_the_old_one_and_is_told_without_its_content() {
        let folder = TestFolder::new();
        let mut follower = follower(&folder);
        let missing = follower.look().unwrap_err();
        assert!(missing.contains(SETTING) && missing.contains("not found"), "{missing}");
        for text in ["", "\n", "7-hush"] {
            std::fs::write(folder.join("key"), text).unwrap();
            let wrong = follower.look().unwrap_err();
            assert!(wrong.contains(SETTING) && !wrong.contains("hush"), "{wrong}");
            follower.tell(Some(wrong));
            assert_eq!((&**follower.renewed.get(), follower.alarm.is_some()), ("first", true));
        }
        std::fs::write(folder.join("key"), "mended").unwrap();
        let looked = follower.look();
        follower.tell(looked.err());
        assert_eq!((&**follower.renewed.get(), follower.alarm.is_some()), ("mended", false));
    }
}
