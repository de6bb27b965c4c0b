using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Certificates;

/// <content>Pairs that are replaced by hand, and what links lead to.</content>
public partial class ServerCertificatesTests
{
    [TestCase(true, false)]
    [TestCase(false, false)]
    [TestCase(true, true)]
    public void Poll_OneOfThePairLongAfterTheOther_IsServedThen(bool isCertificateFirst, bool isOldOnCurve)
    {
        var (certificate, key) = (_directory.File("Certificates", "site.crt"), CertificateFiles.KeyOf(_directory, "site"));
        Supply("site");
        if (isOldOnCurve)
        {
            WriteOnCurve(certificate, key);
        }

        Pass(TimeSpan.FromMinutes(1));
        var (old, oldCertificate, oldKey) = (Served, File.ReadAllText(certificate), File.ReadAllText(key));
        _log.Clear();

        var supplied = Supply("site");
        var (late, content) = isCertificateFirst ? (key, File.ReadAllText(key)) : (certificate, File.ReadAllText(certificate));
        File.WriteAllText(late, isCertificateFirst ? oldKey : oldCertificate);
        Pass(TimeSpan.FromMinutes(9));
        Assert.That(Served, Is.EqualTo(old));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 4011 }), "It is told once.");

        File.WriteAllText(late, content);
        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
        Assert.That(Directory.Exists(_directory.File("Certificates", "Archive")), Is.False);
    }

    [Test]
    public void Poll_KeyOfAnotherForLong_IsArchived()
    {
        Supply("site");
        using var key = RSA.Create(2048);
        File.WriteAllText(CertificateFiles.KeyOf(_directory, "site"), key.ExportPkcs8PrivateKeyPem());

        Pass(TimeSpan.FromMinutes(10));
        Assert.That(Directory.Exists(_directory.File("Certificates", "Archive")), Is.False);
        Pass(TimeSpan.FromMinutes(2));

        Assert.That(Served, Is.EqualTo(_generated));
        Assert.That(Directory.GetFiles(_directory.File("Certificates", "Archive")), Has.Length.EqualTo(2));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 4011, 4003 }));
    }

    [Test]
    public void Poll_MismatchedPairIsTakenAway_IsServedNoMore([Values] bool isKeyAlone)
    {
        Supply("site");
        Pass(TimeSpan.FromMinutes(1));
        using var key = RSA.Create(2048);
        File.WriteAllText(CertificateFiles.KeyOf(_directory, "site"), key.ExportPkcs8PrivateKeyPem());
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(Served, Is.Not.EqualTo(_generated), "It is being replaced.");

        File.Delete(CertificateFiles.KeyOf(_directory, "site"));
        if (!isKeyAlone)
        {
            File.Delete(_directory.File("Certificates", "site.crt"));
        }

        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(_generated));
    }

    /// <summary>A link to a file of a folder that is a link (Kubernetes), or to a link (certbot).</summary>
    [TestCase(true)]
    [TestCase(false)]
    [Platform(Exclude = "Win", Reason = "Links are for administrators there.")]
    public void Poll_WhatLinksLeadToIsReplaced_IsServedWithinAMinute(bool isFolder)
    {
        SupplyApart("first");
        Link("first", isFolder);
        File.CreateSymbolicLink(_directory.File("Certificates", "site.crt"), _directory.File("Live", "site.crt"));
        File.CreateSymbolicLink(CertificateFiles.KeyOf(_directory, "site"), _directory.File("Live", "site.key"));
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(_certificates.Current.Certificate.Name, Is.EqualTo("site"));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 4000 }));

        var supplied = SupplyApart("second");
        Link("second", isFolder);
        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Links are for administrators there.")]
    public void Poll_LinksThatLeadNowhere_AreNoHindrance()
    {
        File.CreateSymbolicLink(_directory.File("Certificates", "gone.crt"), _directory.File("gone"));
        File.CreateSymbolicLink(_directory.File("Certificates", "round.crt"), _directory.File("Certificates", "round.crt"));
        var supplied = Supply("site");

        Pass(TimeSpan.FromMinutes(1));

        Assert.That(Served, Is.EqualTo(supplied));
    }

    private string SupplyApart(string folder)
    {
        var thumbprint = Supply(folder);
        Directory.CreateDirectory(_directory.File(folder));
        File.Move(_directory.File("Certificates", $"{folder}.crt"), _directory.File(folder, "site.crt"));
        File.Move(CertificateFiles.KeyOf(_directory, folder), _directory.File(folder, "site.key"));
        return thumbprint;
    }

    private void Link(string folder, bool isFolder)
    {
        var live = _directory.File("Live");
        if (Path.Exists(live))
        {
            Directory.Delete(live, recursive: !isFolder);
        }

        if (isFolder)
        {
            Directory.CreateSymbolicLink(live, _directory.File(folder));
            return;
        }

        Directory.CreateDirectory(live);
        File.CreateSymbolicLink(Path.Combine(live, "site.crt"), _directory.File(folder, "site.crt"));
        File.CreateSymbolicLink(Path.Combine(live, "site.key"), _directory.File(folder, "site.key"));
    }

    private static void WriteOnCurve(string certificate, string key)
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=site", curve, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddYears(1));
        File.WriteAllText(key, curve.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificate, made.ExportCertificatePem());
    }
}
