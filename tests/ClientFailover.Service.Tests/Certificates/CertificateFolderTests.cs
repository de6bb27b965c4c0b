using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Certificates;

public class CertificateFolderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);
    private static readonly HostNames Names = new("host", ["host", "localhost"], [IPAddress.Loopback]);

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private RecordingLogger<CertificateFolder> _log = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _log = new RecordingLogger<CertificateFolder>();
    }

    [TearDown]
    public void TearDown()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Load_EmptyFolder_GeneratesAPair()
    {
        var certificate = Load();

        Assert.That(certificate.Name, Is.EqualTo("client-failover"));
        Assert.That(certificate.Certificate.HasPrivateKey, Is.True);
        Assert.That(certificate.IsGenerated, Is.True);
        Assert.That(Files(), Is.EqualTo(new[] { "Keys/client-failover.key", "client-failover.crt" }));
        Assert.That(Ids(), Is.EqualTo(new[] { 4001, 4000 }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Unix modes.")]
    [UnsupportedOSPlatform("windows")]
    public void Load_EmptyFolder_KeyIsForTheAccountAlone()
    {
        Load();

        Assert.That(Mode("client-failover.crt"), Is.EqualTo("644"));
        Assert.That(Mode("Keys"), Is.EqualTo("700"));
        Assert.That(Mode("Keys/client-failover.key"), Is.EqualTo("600"));
    }

    [Test]
    public void Load_Again_UsesTheSame()
    {
        var first = Load();
        var second = Load();

        Assert.That(second.Certificate.Thumbprint, Is.EqualTo(first.Certificate.Thumbprint));
    }

    [Test]
    public void Load_SuppliedPair_BeatsTheGeneratedEvenWhenOlder()
    {
        Load();
        Supply("site", Now.AddYears(-3), Now.AddYears(-2));

        var certificate = Load();

        Assert.That(certificate.Name, Is.EqualTo("site"));
        Assert.That(certificate.Certificate.HasPrivateKey, Is.True);
    }

    [Test]
    public void Load_SuppliedUnderTheGeneratedName_CountsAsSupplied()
    {
        Supply("client-failover", Now.AddDays(-1), Now.AddYears(1));

        Assert.That(Load().IsGenerated, Is.False);
    }

    [Test]
    public void Load_SeveralSupplied_TakesTheLatestThatIsValidAlready()
    {
        Supply("b-newest", Now.AddDays(-1), Now.AddYears(1));
        Supply("a-older", Now.AddDays(-2), Now.AddYears(1));
        Supply("c-future", Now.AddDays(1), Now.AddYears(2));

        Assert.That(Load().Name, Is.EqualTo("b-newest"));
    }

    [Test]
    public void Load_CertificateWithChain_KeepsTheChainApart()
    {
        Supply("site", Now.AddDays(-1), Now.AddYears(1));
        using var authority = TestCertificate.Create("CN=authority", Now.AddDays(-1), Now.AddYears(1));
        File.AppendAllText(Path("site.crt"), authority.ExportCertificatePem());

        var certificate = Load();

        Assert.That(certificate.Certificate.Subject, Is.EqualTo("CN=site"));
        Assert.That(certificate.Chain.Select(c => c.Subject), Is.EqualTo(new[] { "CN=authority" }));
    }

    [TestCase("not a certificate", null)]
    [TestCase(null, "not a key")]
    public void Load_InvalidFiles_AreArchivedAndLogged(string? certificate, string? key)
    {
        Supply("site", Now.AddDays(-1), Now.AddYears(1));
        if (certificate is not null)
        {
            File.WriteAllText(Path("site.crt"), certificate);
        }

        if (key is not null)
        {
            File.WriteAllText(Path("Keys/site.key"), key);
        }

        Assert.That(Load().IsGenerated, Is.True);
        AssertArchived();
    }

    [Test]
    public void LoadOther_InvalidPairThatCannotBeMoved_IsToldOnceAndTheValidOneServes()
    {
        Supply("site", Now.AddDays(-1), Now.AddYears(1));
        Supply("wrong", Now.AddDays(-1), Now.AddYears(1));
        File.WriteAllText(Path("wrong.crt"), "not a certificate");

        // As good as a folder that is read-only, and for every account.
        File.WriteAllText(Path("Archive"), string.Empty);
        var folder = new CertificateFolder(_data, new ServiceOptions(), new FakeTimeProvider(Now), _log);

        var served = folder.Load(() => Names);
        var other = folder.LoadOther(served, out var isComplete);

        Assert.That((served.Name, other, isComplete), Is.EqualTo(("site", (ServerCertificate?)null, true)));
        Assert.That(Ids().Where(i => i != 4005), Is.EqualTo(new[] { 4010, 4000 }));
        Assert.That(File.Exists(Path("wrong.crt")), Is.True);
    }

    [Test]
    public void Load_KeyOfAnother_IsNotUsedAndStaysForTheTime()
    {
        Supply("site", Now.AddDays(-1), Now.AddYears(1));
        using var key = RSA.Create(2048);
        File.WriteAllText(Path("Keys/site.key"), key.ExportPkcs8PrivateKeyPem());

        Assert.That(Load().IsGenerated, Is.True);
        Assert.That(Files(), Does.Contain("site.crt").And.Contain("Keys/site.key"));
        Assert.That(Ids(), Does.Contain(4011).And.Not.Contain(4003));
    }

    [Test]
    public void Load_KeyOfAnotherUnderTheGeneratedName_GivesWay()
    {
        Supply("client-failover", Now.AddDays(-1), Now.AddYears(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path("Keys/client-failover.key"), key.ExportPkcs8PrivateKeyPem());

        Assert.That(Load().IsGenerated, Is.True);
        Assert.That(Directory.GetFiles(Path("Archive")), Has.Length.EqualTo(2));
        Assert.That(Ids(), Does.Contain(4003).And.Not.Contain(4004));
    }

    [Test]
    public void Load_CertificateForClientsOnly_IsArchived()
    {
        Supply("site", Now.AddDays(-1), Now.AddYears(1), usage: "1.3.6.1.5.5.7.3.2");

        Assert.That(Load().IsGenerated, Is.True);
        AssertArchived();
    }

    [Test]
    public void Load_InvalidTwiceInOneSecond_KeepsBothInTheArchive()
    {
        for (var i = 0; i < 2; i++)
        {
            Supply("site", Now.AddDays(-1), Now.AddYears(1));
            File.WriteAllText(Path("site.crt"), "not a certificate");
            Load();
        }

        Assert.That(Directory.GetFiles(Path("Archive")), Has.Length.EqualTo(4));
    }

    [Test]
    public void Load_CertificateWithoutKey_IsLeftAndLogged()
    {
        Supply("authority", Now.AddDays(-1), Now.AddYears(1));
        File.Delete(Path("Keys/authority.key"));

        Assert.That(Load().IsGenerated, Is.True);
        Assert.That(File.Exists(Path("authority.crt")), Is.True);
        Assert.That(_log.Entries, Has.One.Matches<(LogLevel Level, int Id, string)>(e => e is { Level: LogLevel.Warning, Id: 4002 }));
    }

    [Test]
    public void Load_OldCertificateDeleted_GeneratesAndKeepsTheOldKey()
    {
        Load();
        File.Delete(Path("client-failover.crt"));

        Assert.That(Load().IsGenerated, Is.True);
        Assert.That(Directory.GetFiles(Path("Archive")), Has.Length.EqualTo(1));
    }

    private ServerCertificate Load() =>
        new CertificateFolder(_data, new ServiceOptions(), new FakeTimeProvider(Now), _log).Load(() => Names);

    private void Supply(string name, DateTimeOffset notBefore, DateTimeOffset notAfter, string usage = "1.3.6.1.5.5.7.3.1")
    {
        using var certificate = TestCertificate.Create($"CN={name}", notBefore, notAfter, usage);
        Directory.CreateDirectory(Path("Keys"));
        File.WriteAllText(Path($"{name}.crt"), certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(Path($"Keys/{name}.key"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private void AssertArchived()
    {
        Assert.That(
            Files(),
            Is.EqualTo(new[]
            {
                "Archive/site-20261123T070000Z.crt",
                "Archive/site-20261123T070000Z.key",
                "Keys/client-failover.key",
                "client-failover.crt",
            }));
        Assert.That(Ids(), Does.Contain(4003));
    }

    private IEnumerable<int> Ids() => _log.Entries.Select(e => e.Id);

    private string[] Files() =>
    [
        .. Directory.GetFiles(Path(string.Empty), "*", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(Path(string.Empty), f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    [UnsupportedOSPlatform("windows")]
    private string Mode(string file) => Convert.ToString((int)File.GetUnixFileMode(Path(file)), 8);

    private string Path(string file) => _directory.File("Certificates", file);
}
