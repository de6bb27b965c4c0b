using System.Diagnostics.CodeAnalysis;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Identity;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for the built-in accounts. The file is the truth: a change of it, by whatever program, counts within a
/// second or two. A file that cannot be read changes nothing, and the log says so.
/// </summary>
internal sealed partial class UserStore
{
    /// <summary>How often the file is looked at.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<UserStore> _log;
    private readonly Lock _reloading = new();
    private Dictionary<string, UserAccount> _accounts;
    private FileVersion _version;
    private FileVersion? _notReadable;
    private long _checked;

    private UserStore(string path, TimeProvider time, ILogger<UserStore> log)
    {
        _path = path;
        _time = time;
        _log = log;
        _version = FileVersion.Of(path);
        _accounts = UserFile.Read(path);
        _checked = time.GetTimestamp();
    }

    /// <summary>Some account; null: there is none.</summary>
    public UserAccount? Any => Volatile.Read(ref _accounts).Values.FirstOrDefault();

    /// <summary>Opens the store; the first time, it makes the first accounts.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="hasher">Hashes the first passwords.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StartupException">The file is damaged.</exception>
    public static UserStore Open(DataDirectory data, IPasswordHasher<UserAccount> hasher, TimeProvider time, ILogger<UserStore> log)
    {
        var path = data.File(UserFile.Name);
        try
        {
            if (!File.Exists(path))
            {
                CreateFirst(data, hasher, log);
            }

            return new UserStore(path, time, log);
        }
        catch (InvalidDataException e)
        {
            throw new StartupException(
                ExitCodes.DataNotReadable,
                $"{e.Message} Correct it, or move it away to have new first accounts made.",
                e);
        }
    }

    /// <summary>Looks an account up. <c>DOMAIN\user</c> finds an account of that whole name, else the account <c>user</c>.</summary>
    /// <param name="name">The name, as it was given.</param>
    /// <param name="account">The account.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string name, [NotNullWhen(true)] out UserAccount? account)
    {
        Refresh();
        var accounts = Volatile.Read(ref _accounts);
        return accounts.TryGetValue(name, out account) || accounts.TryGetValue(WithoutDomain(name), out account);
    }

    /// <summary>The part of a name that is the user's own.</summary>
    /// <param name="name">A name, with or without domain.</param>
    /// <returns>The name without domain.</returns>
    public static string WithoutDomain(string name) => name[(name.IndexOf('\\', StringComparison.Ordinal) + 1)..];

    /// <summary>Reads the file again if it changed. Costs next to nothing more than once a second.</summary>
    public void Refresh()
    {
        var last = Volatile.Read(ref _checked);
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(last, now) < CheckInterval || Interlocked.CompareExchange(ref _checked, now, last) != last)
        {
            return;
        }

        lock (_reloading)
        {
            var version = FileVersion.Of(_path);
            if (version != _version)
            {
                Reload(version);
            }
        }
    }

    /// <summary>Under the lock of the <c>users</c> command, which may be making the first account at this moment.</summary>
    private static void CreateFirst(DataDirectory data, IPasswordHasher<UserAccount> hasher, ILogger log)
    {
        using var file = FileLock.Take(data.File(UserFile.LockName), UserChanges.Patience)
            ?? throw new StartupException(ExitCodes.DataDirectoryInUse, "Another process is changing the accounts. Wait until it has ended, then start again.");
        if (!File.Exists(data.File(UserFile.Name)))
        {
            InitialAccounts.Create(data, hasher);
            LogCreated(log, data.File(InitialAccounts.FileName));
        }
    }

    // A version counts as read only once it was: a file that another program holds for a moment is read a second later.
    private void Reload(FileVersion version)
    {
        Dictionary<string, UserAccount> accounts;
        try
        {
            accounts = UserFile.Read(_path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            if (_notReadable != version)
            {
                _notReadable = version;
                LogNotReadable(_path, e.Message);
            }

            return;
        }

        (_version, _notReadable) = (version, null);

        // Unchanged accounts stay the same objects, so that what was verified with them goes on counting.
        foreach (var (name, old) in _accounts)
        {
            if (accounts.TryGetValue(name, out var account) && account.IsSameAs(old))
            {
                accounts[name] = old;
            }
        }

        var previous = _accounts;
        Volatile.Write(ref _accounts, accounts);
        foreach (var (name, old) in previous)
        {
            if (!accounts.TryGetValue(name, out var account) || account != old)
            {
                old.Revoke();
            }
        }

        LogReloaded(_path, accounts.Count);
    }

    private readonly record struct FileVersion(DateTime Written, long Length)
    {
        public static FileVersion Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileVersion(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
