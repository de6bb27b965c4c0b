using System.Net.Sockets;
using ClientFailover.Service.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for telling what a user can do something about from what only a developer can.</summary>
internal static class StartupProblem
{
    /// <summary>Puts an exception that ended the start into plain words.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The words; null: it is a bug, and the stack trace is wanted.</returns>
    public static StartupException? Explain(Exception exception, ServiceOptions options) => exception switch
    {
        StartupException known => known,
        StoreUnusableException store => new StartupException(
            store.IsPassing ? ExitCodes.DataDirectoryNotUsable : ExitCodes.DataNotReadable, store.Message, store),
        SqliteException error when StoreFailure.IsPassing(error) => Store(ExitCodes.DataDirectoryNotUsable, error, options),
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } error => Store(ExitCodes.DataNotReadable, error, options),
        IOException { InnerException: AddressInUseException } => NotAvailable(exception.Message, exception),
        SocketException socket => NotAvailable(
            $"Port {options.Port} of address {options.Address} cannot be listened on: {socket.Message}.", exception),
        _ => null,
    };

    private static StartupException Store(int exitCode, SqliteException error, ServiceOptions options) =>
        new(exitCode, $"The database in '{options.DataDirectory}' cannot be used: {StoreFailure.Describe(error)}.", error);

    private static StartupException NotAvailable(string message, Exception cause) =>
        new(ExitCodes.AddressNotAvailable, $"{message} Choose another Port or Address, or stop whatever uses it.", cause);
}
