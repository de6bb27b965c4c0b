using ClientFailover.Service.Hosting;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Maintenance.Restore;
using ClientFailover.Service.Storage;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Maintenance;

/// <summary>Restores that do not end.</summary>
public sealed class RestoreSwitchTests
{
    private StateFolder _old = null!;
    private StateFolder _new = null!;
    private string _backup = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _old = await StateFolder.CreateAsync("Old", terms: 2);
        _new = await StateFolder.CreateAsync("New", terms: 5);
        _backup = _new.Beside("backup");
        new BackupWriter(_new.Path, TimeProvider.System).Write(_backup, withSecrets: true, passphrase: null, overwrite: false);
    }

    [TearDown]
    public void TearDown()
    {
        RestoreSwitch.Step.Value = null;
        _old.Dispose();
        _new.Dispose();
    }

    /// <summary>Whatever step a kill comes before: whoever opens the directory next finds the old state or the new one, whole.</summary>
    [Test]
    public async Task Restore_KilledBeforeAnyStep_IsWholeOrNothing()
    {
        var before = StateFolder.Bytes(_old.Path);
        var (olds, news) = (0, 0);
        for (var step = 0; ; step++)
        {
            var directory = _old.Beside($"copy{step}");
            CopyDirectory(_old.Path, directory);
            var left = step;
            RestoreSwitch.Step.Value = () =>
            {
                if (left-- == 0)
                {
                    throw new KilledException();
                }
            };
            var killed = false;
            try
            {
                StateFolder.Restore(directory, _backup, replace: true);
            }
            catch (KilledException)
            {
                killed = true;
            }
            finally
            {
                RestoreSwitch.Step.Value = null;
            }

            // Another kill, while the first one is being made good.
            if (killed && step % 2 == 0)
            {
                KillAgain(directory);
            }

            DataDirectory.Open(directory).Dispose();
            var isOld = StateFolder.Bytes(directory).TryGetValue(DatabaseFile.FileName, out var database) && database == before[DatabaseFile.FileName];
            if (isOld)
            {
                Assert.That(StateFolder.Bytes(directory), Is.EquivalentTo(before));
                olds++;
            }
            else
            {
                var (groups, secret, files) = await StateFolder.ReadAsync(directory);
                Assert.That((groups.Single().Key.Group, secret), Is.EqualTo(("New", StateFolder.Secret)));
                Assert.That(files, Is.EquivalentTo((await StateFolder.ReadAsync(_new.Path)).Files));
                Assert.That(StateFolder.Bytes(Directory.GetDirectories(directory, "before-restore-*").Single()), Is.EquivalentTo(before));
                Assert.That(Directory.Exists(Path.Combine(directory, RestoreSwitch.StagingName)), Is.False);
                news++;
            }

            if (!killed)
            {
                break;
            }
        }

        Assert.That((olds > 0, news > 8), Is.EqualTo((true, true)), $"{olds} old, {news} new");
    }

    [Test]
    public void Open_MarkerIsDamaged_SaysSoAndTouchesNothing()
    {
        File.WriteAllText(Path.Combine(_old.Path, RestoreSwitch.MarkerName), """{"Aside":"../x","Leaving":[],"Coming":[]}""");
        var before = StateFolder.Bytes(_old.Path);

        var refused = Assert.Throws<StartupException>(() => DataDirectory.Open(_old.Path))!;

        Assert.That(refused.ExitCode, Is.EqualTo(ExitCodes.DataNotReadable));
        Assert.That(StateFolder.Bytes(_old.Path), Is.EquivalentTo(before));
    }

    private static void KillAgain(string directory)
    {
        var steps = 2;
        RestoreSwitch.Step.Value = () => _ = steps-- == 0 ? throw new KilledException() : 0;
        try
        {
            DataDirectory.Open(directory).Dispose();
        }
        catch (KilledException)
        {
            // As it should be, or there was less to do.
        }
        finally
        {
            RestoreSwitch.Step.Value = null;
        }
    }

    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }

    private sealed class KilledException : Exception;
}
