using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace ClientFailover.Service.Configuration;

/// <summary>
/// Responsible for encrypting secrets at rest, by ASP.NET Core Data Protection with keys in the data directory. The keys
/// are protected by a certificate if one is set, else by DPAPI on Windows and by the mode of their files elsewhere. They
/// are made and read when there is a secret, not at the start of every service that has none.
/// </summary>
/// <param name="data">Where the keys are.</param>
/// <param name="options">Whether a certificate protects them.</param>
/// <param name="log">The log.</param>
internal sealed partial class SecretProtection(DataDirectory data, ServiceOptions options, ILogger<SecretProtection> log)
{
    /// <summary>Name of the directory of the keys, in the data directory.</summary>
    public const string DirectoryName = "keys";

    // Never change these two: what was encrypted under other names cannot be decrypted.
    private const string ApplicationName = "ClientFailover";
    private const string Purpose = "ClientFailover.Configuration.Secret.v1";

    private readonly Lock _opening = new();
    private IDataProtector? _protector;

    /// <summary>Where the keys are.</summary>
    public string KeyDirectory { get; } = data.File(DirectoryName);

    /// <summary>Encrypts a secret.</summary>
    /// <param name="plain">The secret.</param>
    /// <returns>The encrypted secret.</returns>
    /// <exception cref="StoreUnavailableException">The keys cannot be read or written.</exception>
    public ProtectedSecret Protect(string plain)
    {
        try
        {
            return new ProtectedSecret(Protector().Protect(plain));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            LogKeysUnusable(KeyDirectory, e);
            throw new StoreUnavailableException("The keys that secrets are encrypted with cannot be read or written; the log says why.");
        }
    }

    /// <summary>Decrypts a secret.</summary>
    /// <param name="secret">The encrypted secret.</param>
    /// <param name="plain">The secret.</param>
    /// <returns>False: its key is gone, or cannot be read.</returns>
    public bool TryReveal(ProtectedSecret secret, [NotNullWhen(true)] out string? plain)
    {
        try
        {
            plain = Protector().Unprotect(secret.Ciphertext);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            plain = null;
            return false;
        }
    }

    /// <summary>Whether every secret of an endpoint can be decrypted.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>True also when it has none.</returns>
    public bool CanReveal(HealthEndpoint endpoint) =>
        (endpoint.Password is null || TryReveal(endpoint.Password, out _)) && (endpoint.ClientSecret is null || TryReveal(endpoint.ClientSecret, out _));

    private IDataProtector Protector()
    {
        lock (_opening)
        {
            return _protector ??= Open();
        }
    }

    private IDataProtector Open()
    {
        PrivateFiles.CreateDirectory(KeyDirectory);
        var directory = new DirectoryInfo(KeyDirectory);
        return DataProtectionProvider.Create(directory, builder =>
        {
            builder.SetApplicationName(ApplicationName);
            builder.Services.Configure<KeyManagementOptions>(o => o.XmlRepository = new KeyFiles(directory));
            if (options.KeyProtectionCertificate is not null)
            {
                builder.ProtectKeysWithCertificate(KeyCertificate.Load(options.KeyProtectionCertificate, options.KeyProtectionPasswordFile));
            }
            else if (OperatingSystem.IsWindows())
            {
                builder.ProtectKeysWithDpapi();
            }
        }).CreateProtector(Purpose);
    }
}
