using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>
/// Secrets are planted wherever callers, administrators and machines put them; at the most talkative level, with the framework's
/// categories open, none comes out: neither in the log nor in an answer nor on the disk.
/// </summary>
public sealed partial class SecretTests
{
    private const string Configuration = "/api/v1/configuration";
    private const string Endpoints = Configuration + "/healthendpoints";

    private static readonly string[] Verbose =
    [
        "--Logging:LogLevel:Default", "Verbose", "--Logging:LogLevel:Microsoft", "Verbose", "--Logging:LogLevel:Grpc", "Verbose", "--Logging:LogLevel:System", "Verbose",
        "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Verbose", "--Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Verbose",
    ];

    private DataFolder _folder = null!;
    private DataFolder _keys = null!;

    [SetUp]
    public void SetUp() => (_folder, _keys) = (DataFolder.Create(), DataFolder.Create());

    [TearDown]
    public void TearDown()
    {
        _folder.Dispose();
        _keys.Dispose();
    }

    [Test]
    public void Search_OfASecretInAnyForm_FindsIt()
    {
        var secrets = new PlantedSecrets();
        var secret = secrets.Next();
        string[] texts =
        [
            $"a {secret} b",
            secret.ToUpperInvariant(),
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{secret}")),
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"users:{secret}")),
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"userss:{secret}")),
            Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
            Encoding.UTF8.GetString(Encoding.Unicode.GetBytes(secret)),
            "x" + Encoding.UTF8.GetString(Encoding.Unicode.GetBytes(secret)),
        ];

        Assert.That(texts.Where(t => !secrets.IsIn(t)), Is.Empty);
        Assert.That(secrets.IsIn("nothing of the kind"), Is.False);
    }

    [TestCase("Text")]
    [TestCase("Json")]
    public async Task Secrets_PlantedEverywhere_ComeOutNowhere(string format)
    {
        var passwordFile = _keys.File("password");
        var certificate = _keys.File("keys.pfx");
        var certificatePassword = new PlantedSecrets().Next() + "-key";
        await File.WriteAllTextAsync(passwordFile, certificatePassword + "\n");
        await File.WriteAllBytesAsync(certificate, NewCertificate(certificatePassword));
        await using var service = await RunningService.StartAsync(
            _folder.Path,
            [
                .. RunningService.Quick, .. Verbose, "--LogFileFormat", format, "--LogConsoleFormat", "Text",
                "--KeyProtectionCertificate", certificate, "--KeyProtectionPasswordFile", passwordFile,
                "--AuthenticationSchemes", "Basic,Bearer", "--BearerAuthority", "http://127.0.0.1:9/", "--BearerAudience", "a", "--BearerRequireHttps", "false",
            ]);
        var secrets = new PlantedSecrets(Account.ReadInitial(_folder.Path).Select(a => a.Password));

        await PlantAccountsAsync(service, secrets);
        await PlantEndpointsAsync(service, secrets);
        await PlantRequestsAsync(service, secrets);
        await PlantBrokenRequestsAsync(service, secrets);
        await PlantBrokenAccountsAsync(service, secrets);
        await FailUnexpectedlyAsync(service, secrets);
        await service.StopAsync();

        secrets.Add("console", service.Output);
        secrets.AddFiles(_folder.Path, "initial-accounts.json");
        secrets.AssertNowhere(atLeast: 50);
        var log = LogFolder.ReadText(_folder.Path);
        Assert.That(service.Output, Does.Contain("[5001]").Or.Contain("[5011]"), "Something failed unexpectedly.");
        Assert.That(log, Does.Contain("ConfigurationService.CreateHealthEndpoints").And.Contain("Microsoft.AspNetCore.Server.Kestrel").And.Contain("Grpc."), "What was searched is what it seems.");
    }

    [Test]
    public async Task Secrets_InSettingsThatAreWrong_AreNotRepeated()
    {
        var secrets = new PlantedSecrets();
        var passwordFile = _keys.File("password");
        await File.WriteAllTextAsync(passwordFile, secrets.Next() + "\n");
        await File.WriteAllBytesAsync(_keys.File("keys.pfx"), NewCertificate(secrets.Next()));

        var (exitCode, output) = await RunningService.StartInVainAsync(
            _folder.Path,
            [.. Verbose, "--KeyProtectionCertificate", _keys.File("keys.pfx"), "--KeyProtectionPasswordFile", passwordFile, "--KeyProtectionPassword", secrets.Next(), "--BearerClientSecret", secrets.Next()]);

        Assert.That(exitCode, Is.EqualTo(2), output);
        Assert.That(output, Does.Contain("KeyProtectionCertificate is").And.Contain("--BearerClientSecret is not a setting"));
        Assert.That(secrets.IsIn(output), Is.False, output);
    }

    private static byte[] NewCertificate(string password)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.Export(X509ContentType.Pkcs12, password);
    }
}
