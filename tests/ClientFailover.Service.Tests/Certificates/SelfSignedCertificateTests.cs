using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Certificates;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Certificates;

public class SelfSignedCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);

    [Test]
    public void Generate_Names_AreAllInTheCertificate()
    {
        var names = new HostNames("host", ["host", "host.example", "localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);

        using var certificate = Generate(names);

        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.That(alternatives.EnumerateDnsNames(), Is.EqualTo(names.DnsNames));
        Assert.That(alternatives.EnumerateIPAddresses(), Is.EqualTo(names.Addresses));
        Assert.That(certificate.MatchesHostname("host.example"), Is.True);
        Assert.That(certificate.GetNameInfo(X509NameType.SimpleName, false), Is.EqualTo("host"));
    }

    [Test]
    public void Generate_Now_IsValidForFifteenYears()
    {
        using var certificate = Generate(new HostNames("host", ["host"], []));

        Assert.That(certificate.NotBefore.ToUniversalTime(), Is.EqualTo(Now.UtcDateTime.AddHours(-1)));
        Assert.That(certificate.NotAfter.ToUniversalTime(), Is.EqualTo(Now.UtcDateTime.AddYears(15)));
    }

    [Test]
    public void Generate_LongHostName_StillMakesACertificate()
    {
        using var certificate = Generate(new HostNames(new string('h', 100), [], [IPAddress.Loopback]));

        Assert.That(certificate.GetNameInfo(X509NameType.SimpleName, false), Is.EqualTo(new string('h', 64)));
    }

    [Test]
    public void IsGenerated_OursAndAnother_TellsThemApart()
    {
        using var ours = Generate(new HostNames("host", ["host"], []));
        using var theirs = TestCertificate.Create("CN=host", Now, Now.AddYears(1));

        Assert.That(SelfSignedCertificate.IsGenerated(ours), Is.True);
        Assert.That(SelfSignedCertificate.IsGenerated(theirs), Is.False);
    }

    [Test]
    public void OfThisMachine_Always_HasLocalhostAndLoopback()
    {
        var names = HostNames.OfThisMachine();

        Assert.That(names.DnsNames, Does.Contain("localhost").And.Contain(Dns.GetHostName()));
        Assert.That(names.DnsNames, Is.Unique);
        Assert.That(names.Addresses.Take(2), Is.EqualTo(new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }));
        Assert.That(names.Addresses, Is.Unique);
    }

    private static X509Certificate2 Generate(HostNames names)
    {
        var pem = SelfSignedCertificate.Generate(names, Now);
        return X509Certificate2.CreateFromPem(pem.Certificate, pem.Key);
    }
}
