using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Tests.Certificates;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Configuration;

public sealed class SecretProtectionTests
{
    private const string Secret = "Planted-ö-Secret";
    private const string Password = "of the file";

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void TryReveal_ByAnotherInstance_IsTheSecret()
    {
        var secret = Use(p => p.Protect(Secret));

        Assert.That(Reveal(secret.Ciphertext), Is.EqualTo(Secret));
        Assert.That($"{secret}", Is.EqualTo("*****"));
        Assert.That(secret.Ciphertext, Does.Not.Contain(Secret));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There DPAPI protects the keys.")]
    [UnsupportedOSPlatform("windows")]
    public void Protect_FirstSecret_MakesKeysForTheAccountAlone()
    {
        Use(p => p.Protect(Secret));

        var file = Directory.GetFiles(_directory.File("keys")).Single();
        Assert.That(File.GetUnixFileMode(_directory.File("keys")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Path.GetFileName(file), Does.Match(@"^key-[0-9a-f-]{36}\.xml$"));
    }

    [Test]
    public void TryReveal_KeysAreGoneOrAreOthers_IsNot()
    {
        var secret = Use(p => p.Protect(Secret));
        Directory.Delete(_directory.File("keys"), recursive: true);

        Assert.That(Reveal(secret.Ciphertext), Is.Null, "gone");
        Use(p => p.Protect("another"));
        Assert.That(Reveal(secret.Ciphertext), Is.Null, "others");
    }

    [Test]
    public void TryReveal_KeysAreDamaged_IsNot()
    {
        var secret = Use(p => p.Protect(Secret));
        File.WriteAllText(Directory.GetFiles(_directory.File("keys")).Single(), "<key");

        Assert.That(Reveal(secret.Ciphertext), Is.Null);
    }

    [Test]
    public void TryReveal_NoCiphertextAtAll_IsNot() => Assert.That(Reveal("nonsense"), Is.Null);

    [Test]
    [Platform(Exclude = "Win", Reason = "The mode of the directory keeps the service out.")]
    public void Protect_KeysCannotBeWritten_SaysSoAndWorksWhenTheyCan()
    {
        File.WriteAllText(_directory.File("keys"), "in the way");
        Use(p =>
        {
            Assert.That(() => p.Protect(Secret), Throws.TypeOf<StoreUnavailableException>().With.Message.Not.Contains(Secret));
            File.Delete(_directory.File("keys"));
            Assert.That(p.TryReveal(p.Protect(Secret), out var plain), Is.True);
            return plain;
        });
    }

    [TestCase("k.pfx")]
    [TestCase("k.pem")]
    [TestCase("plain.pem")]
    public void Protect_WithACertificate_NeedsItToReveal(string name)
    {
        var options = WriteCertificate(name);
        var secret = Use(p => p.Protect(Secret), options);

        Assert.That(Reveal(secret.Ciphertext, options), Is.EqualTo(Secret));
        Assert.That(File.ReadAllText(Directory.GetFiles(_directory.File("keys")).Single()), Does.Contain("EncryptedXml").And.Not.Contain("<masterKey"));
        Assert.That(Reveal(secret.Ciphertext), Is.Null, "without");
        Assert.That(Reveal(secret.Ciphertext, WriteCertificate("other.pfx")), Is.Null, "another");
    }

    [Test]
    public void Load_NoRsaKeyOrWrongPassword_SaysSo()
    {
        var options = WriteCertificate("k.pfx");
        using var certificate = TestCertificate.Create("CN=k", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_directory.File("only.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_directory.File("wrong.txt"), "wrong");

        Assert.That(() => KeyCertificate.Load(_directory.File("only.pem"), null), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => KeyCertificate.Load(options.KeyProtectionCertificate!, null), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => KeyCertificate.Load(options.KeyProtectionCertificate!, _directory.File("wrong.txt")), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => KeyCertificate.Load(_directory.File("none.pfx"), null), Throws.InstanceOf<IOException>());
    }

    private ServiceOptions WriteCertificate(string name)
    {
        using var certificate = TestCertificate.Create("CN=keys", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var key = certificate.GetRSAPrivateKey()!;
        var path = _directory.File(name);
        File.WriteAllText(_directory.File("password.txt"), Password + "\n");
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        switch (name)
        {
            case "k.pem":
                File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportEncryptedPkcs8PrivateKeyPem(Password, encryption));
                break;
            case "plain.pem":
                File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
                return new ServiceOptions { KeyProtectionCertificate = path };
            default:
                File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, Password));
                break;
        }

        return new ServiceOptions { KeyProtectionCertificate = path, KeyProtectionPasswordFile = _directory.File("password.txt") };
    }

    private string? Reveal(string ciphertext, ServiceOptions? options = null) =>
        Use(p => p.TryReveal(new ProtectedSecret(ciphertext), out var plain) ? plain : null, options);

    private T Use<T>(Func<SecretProtection, T> act, ServiceOptions? options = null)
    {
        using var data = DataDirectory.Open(_directory.Path);
        return act(new SecretProtection(data, options ?? new ServiceOptions(), new RecordingLogger<SecretProtection>()));
    }
}
