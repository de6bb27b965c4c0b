using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity.Certificate;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Certificate;

/// <summary>Whose certificates are taken, as the files change under the service, in virtual time.</summary>
public sealed partial class IssuerFilesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 6, 0, 0, TimeSpan.Zero);

    private TemporaryDirectory _directory = null!;
    private FakeTimeProvider _time = null!;
    private RecordingLogger<IssuerFiles> _log = null!;
    private X509Certificate2 _authority = null!;
    private X509Certificate2 _client = null!;

    private string Issuers => _directory.File("issuers.pem");

    private string List => _directory.File("revoked.crl");

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _time = new FakeTimeProvider(Now);
        _log = new RecordingLogger<IssuerFiles>();
        _authority = NewAuthority("CN=Plant CA");
        _client = Issue(_authority);
        Write(Issuers, _authority.ExportCertificatePem());
    }

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _authority.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Refresh_NothingChanged_KeepsTheSameObject()
    {
        var files = Open();
        var before = files.Current;

        Pass(files, TimeSpan.FromSeconds(10));

        Assert.That(files.Current, Is.SameAs(before));
        Assert.That(Refusal(files), Is.Null);
    }

    [Test]
    public void Refresh_OtherIssuers_CountWithinASecond()
    {
        var files = Open();
        using var other = NewAuthority("CN=Other CA");
        Write(Issuers, other.ExportCertificatePem());

        files.Refresh();
        Assert.That(Refusal(files), Is.Null, "It was looked at a moment ago.");
        Pass(files, TimeSpan.FromSeconds(1));

        Assert.That(Refusal(files), Is.Not.Null);
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3030 }));
    }

    [TestCase("no certificate at all")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Refresh_FileThatCannotBeRead_ChangesNothingUntilItCan(string content)
    {
        var files = Open();
        Write(Issuers, content);
        Pass(files, TimeSpan.FromSeconds(5));
        Assert.That(Refusal(files), Is.Null);
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3031 }), "Once for each change.");

        using var other = NewAuthority("CN=Other CA");
        Write(Issuers, other.ExportCertificatePem());
        Pass(files, TimeSpan.FromSeconds(1));

        Assert.That(Refusal(files), Is.Not.Null);
    }

    [Test]
    public void Refresh_FileIsGone_ChangesNothing()
    {
        var files = Open();
        File.Delete(Issuers);

        Pass(files, TimeSpan.FromSeconds(2));

        Assert.That(Refusal(files), Is.Null);
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3031 }));
    }

    [Test]
    public void Refresh_CertificateIsRevoked_EndsWhatItWasGoodFor()
    {
        WriteList(nextUpdate: TimeSpan.FromDays(1));
        var files = Open(withList: true);
        var credential = new CertificateCredential(TestCallers.Adapter, _client, files, files.Current, _time);
        Assert.That(credential.IsRevoked, Is.False);

        WriteList(TimeSpan.FromDays(1), _client);
        Pass(files, TimeSpan.FromSeconds(1));

        Assert.That((credential.IsRevoked, Refusal(files)), Is.EqualTo((true, "It is revoked.")));
    }

    [Test]
    public void Refresh_ListHeldByAnotherProgram_IsReadWhenItIsFreeAndToldOnce()
    {
        WriteList(nextUpdate: TimeSpan.FromDays(1));
        var files = Open(withList: true);
        WriteList(TimeSpan.FromDays(1), _client);

        using (new FileStream(List, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Pass(files, TimeSpan.FromSeconds(3));
            Assert.That(Refusal(files), Is.Null);
        }

        Pass(files, TimeSpan.FromSeconds(1));

        Assert.That(Refusal(files), Is.EqualTo("It is revoked."));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3031, 3030 }));
    }

    [Test]
    public void Refresh_ListOfSomebodyElse_ChangesNothing()
    {
        WriteList(nextUpdate: TimeSpan.FromDays(1));
        var files = Open(withList: true);
        using var other = NewAuthority("CN=Other CA");
        WriteList(other, TimeSpan.FromDays(1), _client);

        Pass(files, TimeSpan.FromSeconds(1));

        Assert.That(Refusal(files), Is.Null);
        Assert.That(_log.Entries.Single().Text, Does.Contain("was signed by none of the issuers"));
    }

    [Test]
    public void Open_FileThatCannotBeRead_DoesNotStart()
    {
        Write(Issuers, "nothing");

        Assert.That(() => Open(), Throws.TypeOf<StartupException>().With.Property("ExitCode").EqualTo(ExitCodes.InvalidSettings));
    }

    [Test]
    public void Refresh_ManyThreads_ReadsOnce()
    {
        var files = Open();
        using var other = NewAuthority("CN=Other CA");
        Write(Issuers, other.ExportCertificatePem());
        _time.Advance(TimeSpan.FromSeconds(1));

        Parallel.For(0, 100, _ => files.Refresh());

        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3030 }));
    }

    private static X509Certificate2 NewAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=adapter", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        return request.Create(authority, Now.AddDays(-1), Now.AddYears(1), [1, 2, 3, 4]);
    }

    private void WriteList(TimeSpan nextUpdate, params X509Certificate2[] revoked) => WriteList(_authority, nextUpdate, revoked);

    private void WriteList(X509Certificate2 authority, TimeSpan nextUpdate, params X509Certificate2[] revoked) =>
        Write(List, NewList(authority, nextUpdate, revoked));

    private string NewList(X509Certificate2 authority, TimeSpan nextUpdate, params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            builder.AddEntry(certificate);
        }

        var list = builder.Build(authority, 1, _time.GetUtcNow() + nextUpdate, HashAlgorithmName.SHA256, null, _time.GetUtcNow().AddMinutes(-1));
        return PemEncoding.WriteString("X509 CRL", list);
    }

    // The times of two writes may be the same: they are told apart by it.
    private int _writes;

    private void Write(string path, string content)
    {
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, Now.UtcDateTime.AddSeconds(++_writes));
    }

    private IssuerFiles Open(bool withList = false) => new(
        new ServiceOptions { ClientCertificateIssuers = Issuers, ClientCertificateRevocationList = withList ? List : string.Empty }, _time, _log);

    private string? Refusal(IssuerFiles files) => files.Current.Refusal(_client, _time.GetUtcNow().UtcDateTime);

    private void Pass(IssuerFiles files, TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            files.Refresh();
        }
    }
}
