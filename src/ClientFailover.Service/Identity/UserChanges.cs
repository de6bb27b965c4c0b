using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Identity;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for changes of the built-in accounts, whether or not the service runs: reads the file, changes it and
/// writes it under a lock, so that of two changes at once none is lost. After every change there is an administrator.
/// </summary>
/// <param name="directory">The data directory.</param>
/// <param name="hasher">Hashes passwords.</param>
internal sealed class UserChanges(string directory, IPasswordHasher<UserAccount> hasher)
{
    /// <summary>How long one change waits for another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _path = Path.Combine(directory, UserFile.Name);

    /// <summary>All accounts.</summary>
    /// <returns>Them, in the order of their names.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IReadOnlyList<UserAccount> List() => [.. Read().Values.OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Adds an account.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <param name="password">Its password.</param>
    /// <returns>Why not; null: it was added.</returns>
    public UserRefusal? Add(string name, string role, string password)
    {
        if (!AccountName.IsValid(name))
        {
            return new UserRefusal("NAME_INVALID", $"The name is not valid: {AccountName.Allowed}.");
        }

        return WithHash(name, password, hash => Change(accounts =>
            accounts.TryAdd(name, new UserAccount(name, hash, role))
                ? null
                : new UserRefusal("ACCOUNT_EXISTS", $"There is an account '{accounts[name].Name}' already.")));
    }

    /// <summary>Removes an account.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Why not; null: it was removed.</returns>
    public UserRefusal? Remove(string name) => Change(accounts => accounts.Remove(name) ? null : UserRefusal.NotFound(name));

    /// <summary>Gives an account another password.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="password">The password.</param>
    /// <returns>Why not; null: it has it.</returns>
    public UserRefusal? SetPassword(string name, string password) =>
        WithHash(name, password, hash => Replace(name, account => new UserAccount(account.Name, hash, account.Role)));

    /// <summary>Gives an account another role.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <returns>Why not; null: it has it.</returns>
    public UserRefusal? SetRole(string name, string role) =>
        Replace(name, account => new UserAccount(account.Name, account.PasswordHash, role));

    private UserRefusal? WithHash(string name, string password, Func<string, UserRefusal?> change) =>
        PasswordRules.Problem(name, password) is { } problem
            ? new UserRefusal("PASSWORD_REFUSED", problem)
            : change(hasher.HashPassword(null!, password));

    private UserRefusal? Replace(string name, Func<UserAccount, UserAccount> change) => Change(accounts =>
    {
        if (!accounts.TryGetValue(name, out var account))
        {
            return UserRefusal.NotFound(name);
        }

        accounts[name] = change(account);
        return null;
    });

    /// <summary>One change, alone.</summary>
    /// <exception cref="StartupException">Another change did not end.</exception>
    private UserRefusal? Change(Func<Dictionary<string, UserAccount>, UserRefusal?> change)
    {
        using var file = FileLock.Take(Path.Combine(directory, UserFile.LockName), Patience)
            ?? throw new StartupException(ExitCodes.DataDirectoryInUse, "Another command is changing the accounts. Try again when it has ended.");
        var accounts = Read();
        if (change(accounts) is { } refusal)
        {
            return refusal;
        }

        if (!accounts.Values.Any(a => a.Role == Roles.Administrators))
        {
            return new UserRefusal("LAST_ADMINISTRATOR", $"There would be no account in {Roles.Administrators} left. Give another one this role first.");
        }

        UserFile.Write(_path, accounts.Values);
        return null;
    }

    // Without a file there is no account yet: the first may be made before the service has ever run.
    private Dictionary<string, UserAccount> Read() =>
        File.Exists(_path) ? UserFile.Read(_path) : new Dictionary<string, UserAccount>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Why accounts were not changed.</summary>
/// <param name="Code">Stable reason, for the audit.</param>
/// <param name="Message">The same for people; tells no secret.</param>
internal sealed record UserRefusal(string Code, string Message)
{
    /// <summary>There is no such account.</summary>
    /// <param name="name">Its name, as it was given.</param>
    /// <returns>The refusal.</returns>
    public static UserRefusal NotFound(string name) => new("ACCOUNT_NOT_FOUND", $"There is no account '{name}'.");
}
