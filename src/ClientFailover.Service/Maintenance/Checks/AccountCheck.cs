using ClientFailover.Service.Configuration;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>Responsible for looking at what lets people and adapters in: accounts, and the keys of secrets.</summary>
internal static class AccountCheck
{
    private const string Name = "accounts";
    private const string KeysName = "keys";

    /// <summary>Checks them.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="database">What is known of the database.</param>
    /// <returns>What was found.</returns>
    public static IEnumerable<CheckResult> Run(ServiceOptions options, DatabaseFacts database)
    {
        yield return Accounts(Path.Combine(options.DataDirectory, UserFile.Name));
        var keys = Path.Combine(options.DataDirectory, SecretProtection.DirectoryName);
        var files = Directory.Exists(keys) ? Directory.GetFiles(keys, "*.xml") : [];
        if (database.HasSecrets && files.Length == 0)
        {
            yield return CheckResult.Error(KeysName, $"There are secrets of health endpoints, and no keys for them in {keys}.", "Restore the keys from a backup, or set the secrets again.");
        }
        else if (files.FirstOrDefault(f => !PrivateFiles.IsPrivate(f)) is { } open)
        {
            yield return CheckResult.Warning(KeysName, $"Other accounts may read {open}.", "Take it from them: chmod 600.");
        }
        else if (files.Length > 0)
        {
            var how = options.KeyProtectionCertificate is not null ? "protected by a certificate"
                : OperatingSystem.IsWindows() ? "protected by DPAPI, for this account on this machine" : "protected by the mode of their files";
            yield return CheckResult.Ok(KeysName, $"{files.Length} keys of secrets, {how}.");
        }
    }

    private static CheckResult Accounts(string path)
    {
        if (!File.Exists(path))
        {
            return CheckResult.Warning(Name, "There are no accounts yet.", "Start the service once, or add the first with 'users add'.");
        }

        try
        {
            var accounts = UserFile.Read(path).Values;
            if (!accounts.Any(a => a.Role == Roles.Administrators))
            {
                return CheckResult.Error(Name, $"No account is in {Roles.Administrators}.", "Add one with 'users add'.");
            }

            return PrivateFiles.IsPrivate(path)
                ? CheckResult.Ok(Name, $"{accounts.Count}, {accounts.Count(a => a.Role == Roles.Administrators)} of them administrators.")
                : CheckResult.Warning(Name, $"Other accounts may read {path}.", "Take it from them: chmod 600.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return CheckResult.Error(Name, e.Message, "Restore the file from a backup.");
        }
    }
}
