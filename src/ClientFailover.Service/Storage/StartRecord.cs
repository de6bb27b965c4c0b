using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>How the service starts.</summary>
/// <param name="AfterCleanStop">True: it was stopped with everything written.</param>
/// <param name="Revision">The last revision that may have been told.</param>
internal sealed record StartRecord(bool AfterCleanStop, long Revision)
{
    /// <summary>
    /// Records, durably, that the service runs. After anything but a clean stop all that may have been told without
    /// being written counts as used: revisions, and terms, which are reserved anew.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <returns>How the service starts.</returns>
    public static StartRecord Take(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        var clean = connection.Scalar("SELECT clean_stop FROM meta", transaction) != 0;
        if (!clean)
        {
            connection.Run("UPDATE meta SET revision = revision_reserved", transaction);
            using var raise = connection.CreateCommand();
            raise.Transaction = transaction;
            raise.CommandText = "UPDATE groups SET term = term_reserved, term_reserved = term_reserved + $block WHERE term_reserved > 0";
            raise.Parameters.AddWithValue("$block", GroupWriter.TermBlock);
            raise.ExecuteNonQuery();
        }

        using var mark = connection.CreateCommand();
        mark.Transaction = transaction;
        mark.CommandText = "UPDATE meta SET clean_stop = 0, revision_reserved = revision + $block";
        mark.Parameters.AddWithValue("$block", GroupWriter.RevisionBlock);
        mark.ExecuteNonQuery();
        var revision = connection.Scalar("SELECT revision FROM meta", transaction);
        transaction.Commit();
        return new StartRecord(clean, revision);
    }
}
