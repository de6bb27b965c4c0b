namespace ClientFailover.Service.Hosting;

/// <summary>What the process exit code says; the one place where exit codes are defined.</summary>
internal static class ExitCodes
{
    /// <summary>The service ran and was stopped; a command did what it was told.</summary>
    public const int Success = 0;

    /// <summary>Something unforeseen ended the service or the command; the log or stderr has the details. Of <c>health</c>: the service does not answer.</summary>
    public const int Failure = 1;

    /// <summary>Settings, or the arguments of a command, are wrong; stderr names every mistake. Nothing was started or created.</summary>
    public const int InvalidSettings = 2;

    /// <summary>Another instance of the service uses the data directory; another command is changing the same file.</summary>
    public const int DataDirectoryInUse = 3;

    /// <summary>The data directory, or the database in it, cannot be created, read or written: rights, a full disk, a lock. Another try may succeed.</summary>
    public const int DataDirectoryNotUsable = 4;

    /// <summary>The address or port cannot be listened on.</summary>
    public const int AddressNotAvailable = 5;

    /// <summary>A file in the data directory, or a backup, is damaged or was written by a newer version. It was left as it is.</summary>
    public const int DataNotReadable = 6;

    /// <summary>A command was refused: what it names is not there, or there already, or a rule forbids it. Nothing was changed.</summary>
    public const int Refused = 7;

    /// <summary>A file that a command was to make cannot be written: no room, no access. What was there before is as it was.</summary>
    public const int NotWritten = 8;

    /// <summary>The command <c>check</c> has found something that keeps the service from working.</summary>
    public const int CheckFailed = 9;

    /// <summary>What each says, for people.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "stopped in order; a command did what it was told"),
        (Failure, "an error that was not foreseen; the log or stderr has it"),
        (InvalidSettings, "settings, or the arguments of a command, are wrong; all mistakes are listed"),
        (DataDirectoryInUse, "another instance uses the data directory; another command is changing the same file"),
        (DataDirectoryNotUsable, "the data directory or its database cannot be used: no access, a full disk, or another program has locked it; it may pass"),
        (AddressNotAvailable, "the address or port cannot be listened on"),
        (DataNotReadable, "what is kept, or a backup, is damaged, missing, another program's or of a newer version; nothing is overwritten"),
        (Refused, "a command was refused: what it names is not there, or there already, or a rule forbids it"),
        (NotWritten, "a backup cannot be written; no file was made, or the one before is as it was"),
        (CheckFailed, "check found something that keeps the service from working"),
    ];
}
