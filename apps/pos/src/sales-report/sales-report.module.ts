import { createDownload, sdlIn, type Module } from '@onecount/service';
import { movementRecorded } from '../consumers/movement-recorded.ts';
import type { PosDeps } from '../shared.ts';
import { marginReportResolvers } from './margin-report.resolvers.ts';
import { reportFile, type ReportFile } from './report-export.ts';
import { salesReportResolvers } from './sales-report.resolvers.ts';

export const salesReportModule: Module<PosDeps> = {
  name: 'sales-report',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db }) => {
    const signing = {
      publicUrl: config.PUBLIC_URL,
      secret: config.DOWNLOAD_SIGNING_SECRET,
      secondSecret: config.DOWNLOAD_SECOND_SECRET,
    };
    const download = createDownload<ReportFile>(signing, '/reports', (tenantId, file) =>
      reportFile(db, tenantId, file),
    );
    return {
      resolvers: [
        salesReportResolvers({ db, address: download.address }),
        marginReportResolvers({ db }),
      ],
      handlers: [movementRecorded],
      routes: download.routes,
    };
  },
};
