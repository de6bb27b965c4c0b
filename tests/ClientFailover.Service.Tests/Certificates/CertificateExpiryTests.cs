using ClientFailover.Service.Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Certificates;

public class CertificateExpiryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);

    private FakeTimeProvider _time = null!;
    private RecordingLogger<CertificateExpiry> _log = null!;
    private CertificateExpiry _expiry = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider(Now);
        _log = new RecordingLogger<CertificateExpiry>();
        _expiry = new CertificateExpiry(_time, _log);
    }

    [Test]
    public void Check_LongBeforeTheEnd_SaysNothing()
    {
        var certificate = Certificate(Now.AddDays(60));

        Pass(certificate, TimeSpan.FromDays(29));

        Assert.That(_log.Entries, Is.Empty);
    }

    [Test]
    public void Check_WithinThirtyDays_WarnsEachDay()
    {
        var certificate = Certificate(Now.AddDays(30));

        Pass(certificate, TimeSpan.FromDays(3));

        Assert.That(_log.Entries.Select(e => (e.Level, e.Id)), Is.EqualTo(Enumerable.Repeat((LogLevel.Warning, 4008), 4)), "At once, then each day.");
        Assert.That(_log.Entries.Last().Text, Does.Contain("in 27 days"));
    }

    [Test]
    public void Check_Expired_IsAnErrorEachHour()
    {
        var certificate = Certificate(Now.AddHours(2));

        Pass(certificate, TimeSpan.FromHours(5));

        Assert.That(
            _log.Entries.Select(e => (e.Level, e.Id)),
            Is.EqualTo(Enumerable.Repeat((LogLevel.Warning, 4008), 1).Concat(Enumerable.Repeat((LogLevel.Error, 4009), 3))));
    }

    [Test]
    public void Check_AnotherCertificate_BeginsAnew()
    {
        Pass(Certificate(Now.AddDays(10)), TimeSpan.FromMinutes(5));
        Pass(Certificate(Now.AddDays(20)), TimeSpan.FromMinutes(5));
        Pass(Certificate(Now.AddYears(1)), TimeSpan.FromDays(2));

        Assert.That(_log.Entries, Has.Count.EqualTo(2));
    }

    private static ServerCertificate Certificate(DateTimeOffset notAfter) =>
        new("site", TestCertificate.Create("CN=site", Now.AddYears(-1), notAfter), []);

    private void Pass(ServerCertificate certificate, TimeSpan span)
    {
        var step = TimeSpan.FromMinutes(5);
        _expiry.Check(certificate);
        for (var passed = TimeSpan.Zero; passed < span; passed += step)
        {
            _time.Advance(step);
            _expiry.Check(certificate);
        }
    }
}
