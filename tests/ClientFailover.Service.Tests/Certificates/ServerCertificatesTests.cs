using System.Net;
using System.Runtime.Versioning;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Tests.Audit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Certificates;

public partial class ServerCertificatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private RecordingTrail _audit = null!;
    private RecordingLogger<CertificateFolder> _log = null!;
    private ServerCertificates _certificates = null!;
    private string _generated = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider(Now);
        _audit = new RecordingTrail();
        _log = new RecordingLogger<CertificateFolder>();
        var folder = new CertificateFolder(_data, new ServiceOptions(), _time, _log);
        _certificates = new ServerCertificates(folder, _audit, _time, new RecordingLogger<ServerCertificates>());
        _certificates.Load(() => new HostNames("host", ["host"], [IPAddress.Loopback]));
        _generated = Served;
        _log.Clear();
    }

    [TearDown]
    public void TearDown()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    private string Served => _certificates.Current.Certificate.Certificate.Thumbprint;

    [Test]
    public void Poll_WhateverFails_IsLoggedAndDoesNotEndTheService()
    {
        var log = new RecordingLogger<ServerCertificates>();
        var certificates = new ServerCertificates(new CertificateFolder(_data, new ServiceOptions(), _time, _log), new BrokenTrail(), _time, log);
        certificates.Load(() => new HostNames("host", ["host"], [IPAddress.Loopback]));
        Supply("site");

        for (var i = 0; i < 12; i++)
        {
            _time.Advance(CertificateWatch.Interval);
            Assert.That(certificates.Poll, Throws.Nothing);
        }

        Assert.That(log.Entries, Is.Not.Empty);
    }

    [Test]
    public void Poll_NewPair_IsServedWithinAMinute()
    {
        var supplied = Supply("site");

        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
        Assert.That(_certificates.Current.Context.TargetCertificate.Thumbprint, Is.EqualTo(supplied));
        var entry = _audit.Entries.Single();
        Assert.That((entry.Action, entry.Target), Is.EqualTo(("certificates.change", "site")));
        Assert.That(entry.Detail, Does.Contain(supplied));
    }

    [Test]
    public void Poll_NothingChanged_DoesNothing()
    {
        Pass(TimeSpan.FromHours(1));

        Assert.That(Served, Is.EqualTo(_generated));
        Assert.That(_log.Entries, Is.Empty);
        Assert.That(_audit.Entries, Is.Empty);
    }

    [Test]
    public void Poll_PairThatIsStillCopied_IsWaitedFor()
    {
        var supplied = Supply("site");
        var key = CertificateFiles.KeyOf(_directory, "site");
        var whole = File.ReadAllText(key);
        for (var length = 0; length < whole.Length; length += whole.Length / 20)
        {
            File.WriteAllText(key, whole[..length]);
            Pass(CertificateWatch.Interval);
            Assert.That(Served, Is.EqualTo(_generated));
        }

        File.WriteAllText(key, whole);
        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
        Assert.That(Directory.Exists(_directory.File("Certificates", "Archive")), Is.False);
    }

    [Test]
    public void Poll_KeyLongAfterTheCertificate_IsServedThen()
    {
        var supplied = Supply("site");
        var key = CertificateFiles.KeyOf(_directory, "site");
        File.Move(key, key + ".away");
        Pass(TimeSpan.FromHours(1));
        Assert.That(Served, Is.EqualTo(_generated));
        Assert.That(_log.Entries.Count(e => e.Id == 4002), Is.EqualTo(1), "It is told once.");

        File.Move(key + ".away", key);
        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
    }

    [Test]
    public void Poll_InvalidPair_IsArchivedAndTheOldOneServed()
    {
        Supply("site");
        File.WriteAllText(_directory.File("Certificates", "site.crt"), "not a certificate");

        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(_generated));
        Assert.That(Directory.GetFiles(_directory.File("Certificates", "Archive")), Has.Length.EqualTo(2));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 4003 }));
        Assert.That(_audit.Entries, Is.Empty);
    }

    [Test]
    public void Poll_OldOneDeletedFirst_IsServedUntilTheNewOneIsThere()
    {
        File.Delete(_directory.File("Certificates", "client-failover.crt"));
        Pass(TimeSpan.FromMinutes(10));
        Assert.That(Served, Is.EqualTo(_generated));

        var supplied = Supply("client-failover");
        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
    }

    [Test]
    public void Poll_PairWhoseTimeIsYetToCome_IsServedFromThenOn()
    {
        Supply("site");
        var next = CertificateFiles.Supply(_directory, "next", Now.AddHours(5), Now.AddYears(1));

        Pass(TimeSpan.FromHours(4));
        Assert.That(_certificates.Current.Certificate.Name, Is.EqualTo("site"));
        Pass(TimeSpan.FromHours(2));

        Assert.That(Served, Is.EqualTo(next));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Unix modes.")]
    [UnsupportedOSPlatform("windows")]
    public void Poll_KeyThatCannotBeRead_IsToldOnceAndTakenWhenItCan()
    {
        var supplied = Supply("site");
        var key = CertificateFiles.KeyOf(_directory, "site");
        var content = File.ReadAllBytes(key);
        File.Delete(key);

        // Root may read everything, but no directory as a file.
        File.CreateSymbolicLink(key, _directory.Path);
        Pass(TimeSpan.FromMinutes(5));
        Assert.That(Served, Is.EqualTo(_generated));
        Assert.That(_log.Entries.Count(e => e.Id is 4002 or 4006), Is.EqualTo(1));

        File.Delete(key);
        File.WriteAllBytes(key, content);
        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
    }

    [Test]
    public void Poll_OlderPairBesideTheServed_ChangesNothing()
    {
        var supplied = Supply("site");
        Pass(TimeSpan.FromMinutes(1));
        CertificateFiles.Supply(_directory, "older", Now.AddDays(-9), Now.AddYears(5));

        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
        Assert.That(_audit.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Unix modes.")]
    [UnsupportedOSPlatform("windows")]
    public void Poll_KeyThatOthersMayRead_IsServedWithAWarning()
    {
        Supply("site");
        File.SetUnixFileMode(CertificateFiles.KeyOf(_directory, "site"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Pass(TimeSpan.FromMinutes(1));

        Assert.That(_certificates.Current.Certificate.Name, Is.EqualTo("site"));
        Assert.That(_log.Entries, Has.One.Matches<(LogLevel Level, int Id, string Text)>(e => e is { Level: LogLevel.Warning, Id: 4005 } && e.Text.Contains("site.key")));
    }

    private string Supply(string name) => CertificateFiles.Supply(_directory, name, Now.AddDays(-1), Now.AddYears(1));

    private void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += CertificateWatch.Interval)
        {
            _time.Advance(CertificateWatch.Interval);
            _certificates.Poll();
        }
    }

    private sealed class BrokenTrail : IAuditTrail
    {
        public void Record(AuditEntry entry) => throw new NotSupportedException("Nothing is recorded.");
    }
}
